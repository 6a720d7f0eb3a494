//! What serves the card applications' requests: PINs, large files and wrapping, RSA, and Trussed's own core.

use trussed::Platform;
use trussed::backend::{Backend, BackendId};
use trussed::serde_extensions::{ExtensionDispatch, ExtensionId, ExtensionImpl};
use trussed::service::ServiceResources;
use trussed::types::Context;
use trussed_auth::AuthExtension;
use trussed_auth_backend::{AuthBackend, AuthContext, FilesystemLayout};
use trussed_chunked::ChunkedExtension;
use trussed_core::Error;
use trussed_core::api::{Reply, Request, reply, request};
use trussed_core::types::Location;
use trussed_hpke::HpkeExtension;
use trussed_rsa_alloc::SoftwareRsa;
use trussed_staging::{StagingBackend, StagingContext};
use trussed_wrap_key_to_file::WrapKeyToFileExtension;

/// The order in which the parts are asked.
pub const BACKENDS: &[BackendId<Part>] = &[
    BackendId::Custom(Part::Rsa),
    BackendId::Custom(Part::Auth),
    BackendId::Custom(Part::Staging),
    BackendId::Core,
];

/// The parts beside the core.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// RSA.
    Rsa,
    /// PINs.
    Auth,
    /// Large files and wrapping.
    Staging,
}

/// Kinds of request beyond the core's.
#[derive(Debug, Clone, Copy)]
pub enum Extension {
    /// PINs.
    Auth,
    /// Large files.
    Chunked,
    /// Wrapping into files.
    WrapKeyToFile,
    /// Hybrid public-key encryption.
    Hpke,
}

impl From<Extension> for u8 {
    fn from(extension: Extension) -> Self {
        extension as Self
    }
}

impl TryFrom<u8> for Extension {
    type Error = Error;

    fn try_from(number: u8) -> Result<Self, Error> {
        [Self::Auth, Self::Chunked, Self::WrapKeyToFile, Self::Hpke]
            .into_iter()
            .find(|extension| u8::from(*extension) == number)
            .ok_or(Error::FunctionNotSupported)
    }
}

/// Passes requests to the parts.
pub struct Dispatch {
    auth: AuthBackend,
    staging: StagingBackend,
}

/// What the parts remember of a client.
#[derive(Default)]
pub struct DispatchContext {
    auth: AuthContext,
    staging: StagingContext,
}

impl Default for Dispatch {
    fn default() -> Self {
        Self {
            auth: AuthBackend::new(Location::Internal, FilesystemLayout::V1),
            staging: StagingBackend::new(),
        }
    }
}

impl ExtensionDispatch for Dispatch {
    type BackendId = Part;
    type Context = DispatchContext;
    type ExtensionId = Extension;

    fn core_request<P: Platform>(
        &mut self,
        part: &Part,
        context: &mut Context<DispatchContext>,
        request: &Request,
        resources: &mut ServiceResources<P>,
    ) -> Result<Reply, Error> {
        let (core, own) = (&mut context.core, &mut context.backends);
        match part {
            Part::Rsa => SoftwareRsa.request(core, &mut (), request, resources),
            Part::Auth => self.auth.request(core, &mut own.auth, request, resources),
            Part::Staging => self.staging.request(core, &mut own.staging, request, resources),
        }
    }

    fn extension_request<P: Platform>(
        &mut self,
        part: &Part,
        extension: &Extension,
        context: &mut Context<DispatchContext>,
        request: &request::SerdeExtension,
        resources: &mut ServiceResources<P>,
    ) -> Result<reply::SerdeExtension, Error> {
        let (core, own) = (&mut context.core, &mut context.backends);
        match (part, extension) {
            (Part::Auth, Extension::Auth) => {
                ExtensionImpl::<AuthExtension>::extension_request_serialized(
                    &mut self.auth,
                    core,
                    &mut own.auth,
                    request,
                    resources,
                )
            }
            (Part::Staging, Extension::Chunked) => {
                ExtensionImpl::<ChunkedExtension>::extension_request_serialized(
                    &mut self.staging,
                    core,
                    &mut own.staging,
                    request,
                    resources,
                )
            }
            (Part::Staging, Extension::WrapKeyToFile) => {
                ExtensionImpl::<WrapKeyToFileExtension>::extension_request_serialized(
                    &mut self.staging,
                    core,
                    &mut own.staging,
                    request,
                    resources,
                )
            }
            (Part::Staging, Extension::Hpke) => {
                ExtensionImpl::<HpkeExtension>::extension_request_serialized(
                    &mut self.staging,
                    core,
                    &mut own.staging,
                    request,
                    resources,
                )
            }
            _ => Err(Error::RequestNotAvailable),
        }
    }
}

impl ExtensionId<AuthExtension> for Dispatch {
    type Id = Extension;
    const ID: Extension = Extension::Auth;
}

impl ExtensionId<ChunkedExtension> for Dispatch {
    type Id = Extension;
    const ID: Extension = Extension::Chunked;
}

impl ExtensionId<WrapKeyToFileExtension> for Dispatch {
    type Id = Extension;
    const ID: Extension = Extension::WrapKeyToFile;
}

impl ExtensionId<HpkeExtension> for Dispatch {
    type Id = Extension;
    const ID: Extension = Extension::Hpke;
}
