//! What a vault holds, for those who keep an inventory: keys, certificates, algorithms, states and dates,
//! never a value; and for their calendar, what of it comes to its end.

mod algorithms;
mod calendar;
mod cyclonedx;
mod line;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::str::FromStr;

use keyreeve_crypto::{Algorithm, ForeignAlgorithm, PublicAlgorithm, Purpose};
use keyreeve_domain::{
    CertificateRecord, DocumentId, KeyRecord, KnownKeyRecord, Timestamp, VaultId,
};
use serde::Serialize;

use calendar::Reminder;
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
    /// What ends, and when: iCalendar (RFC 5545).
    Ics,
}

/// A name that is no inventory format's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not one of the inventory's formats: cdx csv json ics")]
pub struct UnknownInventoryFormat(pub String);

impl InventoryFormat {
    /// Every format, in the order users see them.
    pub const ALL: &[Self] = &[Self::Cdx, Self::Csv, Self::Json, Self::Ics];

    /// The name used on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cdx => "cdx",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ics => "ics",
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
    /// When the inventory is made.
    pub created_at: Timestamp,
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
    /// Of the public keys seen so far, those kinds that the vault makes no keys of.
    foreign: BTreeSet<ForeignAlgorithm>,
    is_first: bool,
    made_at: Timestamp,
    reminders: u64,
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
            InventoryFormat::Ics => out.write_all(calendar::head(about)?.as_bytes())?,
        }
        Ok(Self {
            out,
            format,
            algorithms: BTreeSet::new(),
            foreign: BTreeSet::new(),
            is_first: true,
            made_at: about.created_at,
            reminders: 0,
        })
    }

    /// Adds a key with all its versions.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn add(&mut self, record: &KeyRecord) -> io::Result<()> {
        if self.format == InventoryFormat::Ics {
            return self.remind(calendar::of_key(record, self.made_at));
        }
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
        match self.format {
            InventoryFormat::Cdx => {}
            InventoryFormat::Ics => return self.remind(calendar::of_certificate(record, now)),
            _ => return self.entry(&Entry::of_certificate(record, now)),
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
        match self.format {
            InventoryFormat::Cdx => {}
            // It has no end.
            InventoryFormat::Ics => return Ok(()),
            _ => return self.entry(&Entry::of_known_key(record)),
        }
        match record.algorithm {
            PublicAlgorithm::Own(algorithm) => {
                let algorithm = usual(algorithm);
                self.algorithms.extend(algorithm);
                self.item(&Component::of_known_key(record, algorithm))
            }
            PublicAlgorithm::Foreign(algorithm) => {
                self.foreign.insert(algorithm);
                self.item(&Component::of_foreign_key(record, algorithm))
            }
        }
    }

    /// How many reminders were written; none where the format has none.
    #[must_use]
    pub fn reminders(&self) -> Option<u64> {
        (self.format == InventoryFormat::Ics).then_some(self.reminders)
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
            for algorithm in std::mem::take(&mut self.foreign) {
                self.item(&Component::of_foreign_algorithm(algorithm, &algorithm.to_string()))?;
            }
        }
        match self.format {
            InventoryFormat::Cdx | InventoryFormat::Json => self.out.write_all(b"\n]}\n")?,
            InventoryFormat::Csv => {}
            InventoryFormat::Ics => self.out.write_all(calendar::END.as_bytes())?,
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn remind(&mut self, reminders: impl IntoIterator<Item = Reminder>) -> io::Result<()> {
        for reminder in reminders {
            self.out.write_all(reminder.text(self.made_at)?.as_bytes())?;
            self.reminders += 1;
        }
        Ok(())
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
