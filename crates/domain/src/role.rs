//! What someone who came in through a slot may do.

use serde::{Deserialize, Serialize};

/// A slot's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, slots and policies included.
    Administrator,
    /// Creates and uses keys; changes no slot and no policy.
    Operator,
    /// Reads the books; holds no material key and so reaches no material.
    Auditor,
}

impl Role {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }

    /// Whether someone with this role may confirm what one with the role `other` is doing.
    #[must_use]
    pub fn may_stand_in_for(self, other: Self) -> bool {
        self == Self::Administrator || self == other
    }

    /// Whether the role may change keys.
    #[must_use]
    pub const fn may_change_keys(self) -> bool {
        !matches!(self, Self::Auditor)
    }
}

#[cfg(test)]
mod tests {
    use super::Role::{Administrator, Auditor, Operator};

    #[test]
    fn an_administrator_confirms_for_all_and_others_for_their_like() {
        for (role, stands_in_for) in [
            (Administrator, [true, true, true]),
            (Operator, [false, true, false]),
            (Auditor, [false, false, true]),
        ] {
            let others = [Administrator, Operator, Auditor];
            assert_eq!(others.map(|other| role.may_stand_in_for(other)), stands_in_for, "{role:?}");
        }
    }

    #[test]
    fn auditors_alone_change_no_keys() {
        for (role, name, changes) in [
            (Administrator, "administrator", true),
            (Operator, "operator", true),
            (Auditor, "auditor", false),
        ] {
            assert_eq!((role.name(), role.may_change_keys()), (name, changes));
            assert_eq!(serde_json::to_value(role).unwrap(), name);
        }
    }
}
