//! What forms need to know of algorithms and policies.

use keyreeve_crypto::Algorithm;
use keyreeve_domain::PolicyTemplate;

use crate::api::{AlgorithmView, CatalogueResponse, TemplateView};

/// The algorithms with the purposes they serve, and the policy templates.
#[must_use]
pub fn catalogue() -> CatalogueResponse {
    CatalogueResponse {
        algorithms: Algorithm::ALL.iter().map(|algorithm| algorithm_view(*algorithm)).collect(),
        templates: PolicyTemplate::ALL.iter().map(|template| template_view(*template)).collect(),
    }
}

fn algorithm_view(algorithm: Algorithm) -> AlgorithmView {
    AlgorithmView {
        name: algorithm,
        purposes: algorithm.purposes().to_vec(),
        strength_bits: algorithm.strength_bits(),
        quantum_safe: algorithm.is_quantum_safe(),
        templates: PolicyTemplate::ALL
            .iter()
            .filter(|template| template.allows(algorithm))
            .map(|template| template.name().into())
            .collect(),
    }
}

fn template_view(template: PolicyTemplate) -> TemplateView {
    let description = match template {
        PolicyTemplate::NistSp80057 => "Cryptoperiods as SP 800-57 Part 1 recommends them",
        PolicyTemplate::PciDss => "Keys for card data: rotated every year",
        PolicyTemplate::Hipaa => "Keys for health records: rotated every year, readable for seven",
        PolicyTemplate::Cnsa20 => {
            "Only algorithms that CNSA 2.0 approves against quantum computers"
        }
        PolicyTemplate::Personal => {
            "Long periods; warns and never takes a key out of use by itself"
        }
    };
    TemplateView {
        name: template.name().into(),
        title: template.title().into(),
        description: description.into(),
    }
}
