//! What a vault holds, for those who keep an inventory: keys, certificates, algorithms, states and dates,
//! never a value.

mod algorithms;
mod cyclonedx;
mod line;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::str::FromStr;

use keyreeve_crypto::{Algorithm, Purpose};
use keyreeve_domain::{
    CertificateRecord, DocumentId, KeyRecord, KnownKeyRecord, Timestamp, VaultId,
};
use serde::Serialize;

use cyclonedx::{Component, head};
use line::{CsvLine, Entry};

use crate::read::Certificate;

/// An inventory's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InventoryFormat {
    /// A cryptography bill of materials: CycloneDX 1.7 in JSON.
    Cdx,
    /// A line for each version, for spreadsheets (RFC 4180).
    Csv,
    /// The same as JSON.
    Json,
}

/// A name that is no inventory format's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not one of the inventory's formats: cdx csv json")]
pub struct UnknownInventoryFormat(pub String);

impl InventoryFormat {
    /// Every format, in the order users see them.
    pub const ALL: &[Self] = &[Self::Cdx, Self::Csv, Self::Json];

    /// The name used on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cdx => "cdx",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

impl FromStr for InventoryFormat {
    type Err = UnknownInventoryFormat;

    fn from_str(name: &str) -> Result<Self, UnknownInventoryFormat> {
        let known = Self::ALL.iter().copied().find(|known| known.name() == name);
        known.ok_or_else(|| UnknownInventoryFormat(name.into()))
    }
}

/// What an inventory says of itself.
#[derive(Debug, Clone)]
pub struct InventoryHead {
    /// The vault.
    pub vault: VaultId,
    /// The vault's name.
    pub name: String,
    /// When the inventory is made, in RFC 3339.
    pub created_at: String,
    /// The document's own identifier.
    pub serial: DocumentId,
    /// The version of the app that makes it.
    pub app_version: String,
}

/// Writes an inventory key by key, so that its length does not matter.
#[derive(Debug)]
pub struct InventoryWriter<W: Write> {
    out: W,
    format: InventoryFormat,
    /// What the keys seen so far are for: each pair is described once, after them.
    algorithms: BTreeSet<(Algorithm, Purpose)>,
    is_first: bool,
}

impl<W: Write> InventoryWriter<W> {
    /// Begins an inventory.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn begin(mut out: W, format: InventoryFormat, about: &InventoryHead) -> io::Result<Self> {
        match format {
            InventoryFormat::Cdx => begin_list(&mut out, &head(about), "components")?,
            InventoryFormat::Json => begin_list(&mut out, &line::head(about), "entries")?,
            InventoryFormat::Csv => write_csv(&mut out, CsvLine::TITLES)?,
        }
        Ok(Self { out, format, algorithms: BTreeSet::new(), is_first: true })
    }

    /// Adds a key with all its versions.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn add(&mut self, record: &KeyRecord) -> io::Result<()> {
        for version in &record.versions {
            match self.format {
                InventoryFormat::Cdx => self.item(&Component::of_version(record, version))?,
                _ => self.entry(&Entry::of_version(record, version))?,
            }
        }
        self.algorithms.insert((record.algorithm, record.purpose));
        Ok(())
    }

    /// Adds a certificate, in the state that it has at `now`.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn add_certificate(
        &mut self,
        record: &CertificateRecord,
        now: Timestamp,
    ) -> io::Result<()> {
        if self.format != InventoryFormat::Cdx {
            return self.entry(&Entry::of_certificate(record, now));
        }
        let said = Certificate::from_der(&record.der);
        let key = said.as_ref().and_then(|said| said.public_key.as_ref().ok());
        let algorithm = key.and_then(|key| usual(key.algorithm));
        self.algorithms.extend(algorithm);
        self.item(&Component::of_certificate(record, said.as_ref(), algorithm, now))
    }

    /// Adds a public key whose private half is elsewhere.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn add_known_key(&mut self, record: &KnownKeyRecord) -> io::Result<()> {
        if self.format != InventoryFormat::Cdx {
            return self.entry(&Entry::of_known_key(record));
        }
        let algorithm = usual(record.algorithm);
        self.algorithms.extend(algorithm);
        self.item(&Component::of_known_key(record, algorithm))
    }

    /// Completes it.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        if self.format == InventoryFormat::Cdx {
            for (algorithm, purpose) in std::mem::take(&mut self.algorithms) {
                self.item(&Component::of_algorithm(algorithm, purpose))?;
            }
        }
        if self.format != InventoryFormat::Csv {
            self.out.write_all(b"\n]}\n")?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn entry(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        match self.format {
            InventoryFormat::Csv => write_csv(&mut self.out, CsvLine::of(entry)),
            _ => self.item(entry),
        }
    }

    fn item(&mut self, item: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.is_first { b"\n" } else { b",\n" })?;
        self.is_first = false;
        Ok(serde_json::to_writer(&mut self.out, item)?)
    }
}

/// An algorithm with what its keys are mostly for, where nothing says what this one is for.
fn usual(algorithm: Algorithm) -> Option<(Algorithm, Purpose)> {
    algorithm.purposes().first().map(|purpose| (algorithm, *purpose))
}

/// Writes an object's members and leaves the list `name` open, which comes last.
fn begin_list(out: &mut impl Write, members: &impl Serialize, name: &str) -> io::Result<()> {
    let text = serde_json::to_string(members)?;
    let open = text.strip_suffix('}').unwrap_or(&text);
    write!(out, "{open},\"{name}\":[")
}

fn write_csv<'c>(
    out: &mut impl Write,
    cells: impl IntoIterator<Item = impl AsRef<[u8]> + 'c>,
) -> io::Result<()> {
    let mut line = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    line.write_record(cells)?;
    line.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_name() {
        for format in InventoryFormat::ALL {
            assert_eq!(format.name().parse::<InventoryFormat>().unwrap(), *format);
        }
        let error = "xlsx".parse::<InventoryFormat>().unwrap_err();
        assert!(error.to_string().contains("xlsx") && error.to_string().contains("csv"));
    }
}
