//! Format 1 of a header: bytes to a [`Header`] and back, without any key.

use std::collections::BTreeSet;

use jiff::Timestamp;
use keyreeve_crypto::{Argon2ParamsError, MAX_MEMORY_KIB, MAX_TIME_COST, sha256_parts};
use keyreeve_domain::ports::{HeaderError, HeaderInfo, SlotInfo, SlotKind};
use keyreeve_domain::{KeyName, Role, SlotId, VaultId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::part::{Part, StoredParameters, StoredPart};

/// The newest format this build knows.
pub const FORMAT: u32 = 1;
/// The most bytes a header may have.
pub const MAX_BYTES: u64 = 64 * 1024;
/// The most slots a header may have.
pub const MAX_SLOTS: usize = 32;
/// The most that all slots together may cost to try, in KiB times passes: no more than one of them
/// alone could. Who wrote a header decides how long a wrong passphrase is thought about.
pub const MAX_COST: u64 = MAX_MEMORY_KIB as u64 * MAX_TIME_COST as u64;

/// Why bytes are no header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Made by a newer app, and undamaged.
    #[error("format {found} is newer than this app")]
    Newer {
        /// The format found.
        found: u32,
    },
    /// Of this format, undamaged, and with a slot of a kind that only a newer app knows.
    #[error("it has a slot of the kind “{kind}”, which is newer than this app")]
    NewerKind {
        /// The kind's stored name.
        kind: String,
    },
    /// A slot's cost parameters are outside the accepted range.
    #[error(transparent)]
    Parameters(#[from] Argon2ParamsError),
    /// Anything else, in words.
    #[error("{0}")]
    Invalid(String),
}

impl From<FormatError> for HeaderError {
    fn from(error: FormatError) -> Self {
        match error {
            FormatError::Newer { found } => Self::Newer { found, known: FORMAT },
            FormatError::NewerKind { kind } => Self::NewerKind { kind },
            FormatError::Parameters(error) => Self::Parameters(error),
            FormatError::Invalid(what) => Self::Damaged { what },
        }
    }
}

/// A header whose every rule that needs no key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What the body says.
    pub body: Body,
    /// The body's bytes as they stand in the file: what is hashed and MACed.
    pub body_text: String,
    /// The HMAC in the file, not yet checked.
    pub hmac: [u8; 32],
}

/// A header's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Body {
    format: u32,
    /// The vault.
    pub vault_id: VaultId,
    /// When it was made.
    #[serde(with = "time")]
    pub created_at: Timestamp,
    /// Grows by one with every change.
    pub sequence: u64,
    /// The ways in.
    pub slots: Vec<Slot>,
}

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredSlot", into = "StoredSlot")]
pub struct Slot {
    /// The slot.
    pub id: SlotId,
    /// What kind of way in.
    pub kind: SlotKind,
    /// The name a person gave it.
    pub name: String,
    /// What it lets one do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it asks for: one part, or for `all_of` at least two.
    pub parts: Vec<Part>,
    /// VK, or VK and MK, sealed under the slot key.
    pub sealed: Vec<u8>,
}

/// A slot as it stands in the file. The members between `createdAt` and `sealed` depend on the kind.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredSlot {
    id: SlotId,
    kind: SlotKind,
    name: String,
    role: Role,
    #[serde(with = "time")]
    created_at: Timestamp,
    #[serde(flatten)]
    parameters: StoredParameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<StoredPart>>,
    #[serde(with = "hex")]
    sealed: Vec<u8>,
}

impl From<Slot> for StoredSlot {
    fn from(slot: Slot) -> Self {
        let (parameters, parts) = match (slot.kind, slot.parts.as_slice()) {
            (SlotKind::AllOf, parts) => {
                let parts = parts.iter().map(StoredPart::of).collect();
                (StoredParameters::default(), Some(parts))
            }
            (_, parts) => (parts.first().map(StoredParameters::of).unwrap_or_default(), None),
        };
        Self {
            id: slot.id,
            kind: slot.kind,
            name: slot.name,
            role: slot.role,
            created_at: slot.created_at,
            parameters,
            parts,
            sealed: slot.sealed,
        }
    }
}

impl TryFrom<StoredSlot> for Slot {
    type Error = String;

    fn try_from(stored: StoredSlot) -> Result<Self, String> {
        let StoredSlot { id, kind, parameters, parts, .. } = stored;
        let parts = match (kind, parts) {
            (SlotKind::AllOf, Some(parts)) if parameters.are_none() => {
                parts.into_iter().map(StoredPart::part).collect()
            }
            (SlotKind::AllOf, _) | (_, Some(_)) => None,
            (kind, None) => parameters.part(kind).map(|part| vec![part]),
        };
        let parts = parts.ok_or_else(|| {
            format!("slot {id} has not the members of the kind “{}”", kind.name())
        })?;
        Ok(Self {
            id,
            kind,
            name: stored.name,
            role: stored.role,
            created_at: stored.created_at,
            parts,
            sealed: stored.sealed,
        })
    }
}

impl Slot {
    /// What the rest of the house may know of it.
    pub fn info(&self) -> SlotInfo {
        SlotInfo {
            id: self.id,
            kind: self.kind,
            name: self.name.clone(),
            role: self.role,
            created_at: self.created_at,
            parts: self.parts.iter().map(Part::info).collect(),
        }
    }

    fn check_parts(&self) -> Result<(), FormatError> {
        if self.kind == SlotKind::AllOf {
            let kinds: BTreeSet<_> = self.parts.iter().map(|part| part.kind().name()).collect();
            if self.parts.len() < 2 || kinds.len() < self.parts.len() {
                let what = format!("slot {} has too few parts, or a kind twice", self.id);
                return Err(FormatError::Invalid(what));
            }
        }
        self.parts.iter().try_for_each(Part::check)
    }
}

impl Body {
    /// The body of a new vault's header.
    pub fn new(vault_id: VaultId, created_at: Timestamp, slot: Slot) -> Self {
        Self {
            format: FORMAT,
            vault_id,
            created_at: whole_milliseconds(created_at),
            sequence: 1,
            slots: vec![slot],
        }
    }

    /// What the rest of the house may know of it.
    pub fn info(&self) -> HeaderInfo {
        HeaderInfo {
            format: self.format,
            vault_id: self.vault_id,
            created_at: self.created_at,
            sequence: self.sequence,
            slots: self.slots.iter().map(Slot::info).collect(),
        }
    }

    /// The body's text, as it will stand in the file.
    pub fn text(&self) -> Result<String, FormatError> {
        serde_json::to_string(self).map_err(|error| FormatError::Invalid(error.to_string()))
    }

    fn check(&self) -> Result<(), FormatError> {
        let invalid = |what: String| Err(FormatError::Invalid(what));
        if self.slots.is_empty() || self.slots.len() > MAX_SLOTS {
            return invalid(format!("it has {} slots", self.slots.len()));
        }
        if self.sequence == 0 {
            return invalid("its sequence number is 0".into());
        }
        let mut seen = BTreeSet::new();
        for slot in &self.slots {
            if !seen.insert(slot.id) {
                return invalid(format!("slot {} is there twice", slot.id));
            }
            if KeyName::parse(&slot.name).as_ref().map(KeyName::as_str) != Ok(slot.name.as_str()) {
                return invalid(format!("the name of slot {} is not acceptable", slot.id));
            }
            slot.check_parts()?;
            if slot.sealed.len() != crate::slot::sealed_len(slot.role) {
                return invalid(format!("slot {} has {} sealed bytes", slot.id, slot.sealed.len()));
            }
        }
        if self.cost() > MAX_COST {
            return invalid("trying its slots would take too long".into());
        }
        Ok(())
    }

    /// What it costs to try a passphrase on every slot, in KiB times passes.
    pub fn cost(&self) -> u64 {
        let of = |part: &Part| match part {
            Part::Passphrase { kdf, .. } => u64::from(kdf.memory_kib) * u64::from(kdf.time_cost),
            _ => 0,
        };
        self.slots.iter().flat_map(|slot| &slot.parts).map(of).sum()
    }
}

/// A whole file from a body's text and its HMAC.
pub fn encode(body_text: &str, hmac: &[u8; 32]) -> Vec<u8> {
    let hmac = hex::encode(hmac);
    let sha256 = hex::encode(checksum(body_text, &hmac));
    format!("{{\"body\":{body_text},\"sha256\":\"{sha256}\",\"hmac\":\"{hmac}\"}}\n").into_bytes()
}

/// Parses a whole file.
pub fn parse(bytes: &[u8]) -> Result<Header, FormatError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(FormatError::Invalid("it is too large to be a header".into()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| FormatError::Invalid(format!("it is not text: {error}")))?;
    refuse_newer(text)?;

    let envelope: Envelope<'_> = json(text)?;
    let body_text = envelope.body.get();
    let body: Body = json(body_text)?;
    if body.format != FORMAT {
        return Err(FormatError::Invalid(format!("its format is {}", body.format)));
    }
    if envelope.sha256 != checksum(body_text, envelope.hmac) {
        return Err(FormatError::Invalid("its checksum is wrong".into()));
    }
    let mut hmac = [0; 32];
    hex::decode_to_slice(envelope.hmac, &mut hmac)
        .map_err(|error| FormatError::Invalid(format!("its HMAC is malformed: {error}")))?;
    // One value has one encoding: what we would not have written, nobody should have.
    if body.text()? != body_text || encode(body_text, &hmac) != bytes {
        return Err(FormatError::Invalid("it is not in canonical form".into()));
    }
    body.check()?;
    Ok(Header { body_text: body_text.to_owned(), hmac, body })
}

/// Looks at the format and the slots' kinds alone, before anything that a newer app may write
/// otherwise. A wrong checksum means damage, not a newer app.
fn refuse_newer(text: &str) -> Result<(), FormatError> {
    #[derive(Deserialize)]
    struct AnyBody {
        format: u32,
    }
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else {
        return Ok(());
    };
    if envelope.sha256 != checksum(envelope.body.get(), envelope.hmac) {
        return Ok(());
    }
    match serde_json::from_str(envelope.body.get()) {
        Ok(AnyBody { format }) if format > FORMAT => Err(FormatError::Newer { found: format }),
        _ => refuse_newer_kind(envelope.body.get()),
    }
}

fn refuse_newer_kind(body: &str) -> Result<(), FormatError> {
    #[derive(Deserialize)]
    struct AnySlots {
        slots: Vec<AnySlot>,
    }
    #[derive(Deserialize)]
    struct AnySlot {
        kind: String,
        #[serde(default)]
        parts: Vec<AnySlot>,
    }
    let Ok(AnySlots { slots }) = serde_json::from_str(body) else { return Ok(()) };
    let known = |slot: &&AnySlot| SlotKind::named(&slot.kind).is_none();
    let every = slots.iter().flat_map(|slot| std::iter::once(slot).chain(&slot.parts));
    // A kind's name is short and plain; anything else is no name to show to people.
    let plain = |kind: &str| {
        kind.len() <= 32
            && kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    match every.filter(known).find(|slot| plain(&slot.kind)) {
        Some(slot) => Err(FormatError::NewerKind { kind: slot.kind.clone() }),
        None => Ok(()),
    }
}

/// A file's members. Others are refused by the comparison with the canonical form.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    body: &'a RawValue,
    #[serde(with = "hex")]
    sha256: [u8; 32],
    hmac: &'a str,
}

/// Covers the HMAC too, so that damage to it is not taken for tampering.
fn checksum(body_text: &str, hmac: &str) -> [u8; 32] {
    sha256_parts(&[body_text.as_bytes(), hmac.as_bytes()])
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, FormatError> {
    serde_json::from_str(text)
        .map_err(|error| FormatError::Invalid(format!("it is not a header: {error}")))
}

/// The header's form of a time.
pub fn time_text(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Reads the header's form of a time, and no other.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    text.parse().ok().filter(|time| time_text(*time) == text)
}

/// The header keeps whole milliseconds.
pub fn whole_milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

mod time {
    use jiff::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::time_text(*time))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_time(&text).ok_or_else(|| D::Error::custom("a time is malformed"))
    }
}

#[cfg(test)]
mod tests {
    use keyreeve_crypto::Argon2Params;
    use keyreeve_domain::ports::RecoveryForm;

    use super::*;
    use crate::part::{CardPart, RecoveryPart};

    const KDF: Argon2Params = Argon2Params { memory_kib: 65_536, time_cost: 3, lanes: 2 };

    fn slot(id: u8) -> Slot {
        Slot {
            id: SlotId::from_bytes([id; 16]),
            kind: SlotKind::Passphrase,
            name: "Hauptschlüssel \"🗝\"".into(),
            role: Role::Administrator,
            created_at: "2026-01-31T08:15:00.250Z".parse().unwrap(),
            parts: vec![Part::Passphrase { kdf: KDF, salt: [7; 32] }],
            sealed: vec![8; 93],
        }
    }

    fn body() -> Body {
        let time = "2026-01-31T08:15:00.250999Z".parse().unwrap();
        Body::new(VaultId::from_bytes([9; 16]), time, slot(1))
    }

    fn bytes_of(body: &Body) -> Vec<u8> {
        encode(&body.text().unwrap(), &[0xAB; 32])
    }

    /// A whole, undamaged file around a body's text.
    fn whole(body_text: &str) -> Vec<u8> {
        encode(body_text, &[0xAB; 32])
    }

    fn why(bytes: &[u8]) -> String {
        parse(bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_body_comes_back_as_it_was() {
        let header = parse(&bytes_of(&body())).unwrap();
        assert_eq!(header.body, body());
        assert_eq!(header.hmac, [0xAB; 32]);
        assert_eq!(header.body_text, body().text().unwrap());
    }

    #[test]
    fn the_text_is_pinned() {
        let text = String::from_utf8(bytes_of(&body())).unwrap();
        let expected = [
            r#"{"body":{"format":1,"vaultId":"09090909-0909-0909-0909-090909090909","#,
            r#""createdAt":"2026-01-31T08:15:00.250Z","sequence":1,"slots":[{"#,
            r#""id":"01010101-0101-0101-0101-010101010101","kind":"passphrase","#,
            r#""name":"Hauptschlüssel \"🗝\"","role":"administrator","#,
            r#""createdAt":"2026-01-31T08:15:00.250Z","#,
            r#""kdf":{"memoryKib":65536,"timeCost":3,"lanes":2},"salt":""#,
            &"07".repeat(32),
            r#"","sealed":""#,
            &"08".repeat(93),
            r#""}]},"sha256":"c683b13804aabaa3147da1ae5a30def190b1b0766b69aa52d6945100d6916a0b","hmac":""#,
            &"ab".repeat(32),
            "\"}\n",
        ];
        assert_eq!(text, expected.concat());
    }

    fn of_kind(id: u8, kind: SlotKind, parts: Vec<Part>) -> Slot {
        Slot { kind, parts, name: "x".into(), ..slot(id) }
    }

    fn every_kind() -> Vec<Slot> {
        let recovery = |form, set| Part::Recovery(RecoveryPart { form, set, salt: [5; 32] });
        let card = |kind| {
            Part::Card(CardPart {
                kind,
                serial: "0042".into(),
                algorithm: "ecdh-p256".into(),
                public_key: vec![6, 6],
                challenge: vec![7],
            })
        };
        let passphrase = || Part::Passphrase { kdf: KDF, salt: [7; 32] };
        let keyring = || Part::OsKeyring { salt: [3; 32] };
        let shares = RecoveryForm::Shares { shares: 3, threshold: 2 };
        vec![
            slot(1),
            of_kind(2, SlotKind::OsKeyring, vec![keyring()]),
            of_kind(3, SlotKind::PivCard, vec![card(SlotKind::PivCard)]),
            of_kind(4, SlotKind::OpenpgpCard, vec![card(SlotKind::OpenpgpCard)]),
            of_kind(5, SlotKind::Recovery, vec![recovery(shares, 258)]),
            of_kind(6, SlotKind::Recovery, vec![recovery(RecoveryForm::Code, 0)]),
            of_kind(7, SlotKind::AllOf, vec![passphrase(), keyring()]),
            of_kind(8, SlotKind::AllOf, vec![card(SlotKind::PivCard), recovery(shares, 1)]),
        ]
    }

    #[test]
    fn the_members_of_each_kind_are_pinned() {
        let body = Body { slots: every_kind(), ..body() };
        let bytes = bytes_of(&body);
        assert_eq!(parse(&bytes).unwrap().body, body);
        let text = String::from_utf8(bytes).unwrap();
        let salt = |byte: &str| format!("\"salt\":\"{}\"", byte.repeat(32));
        let kdf = r#""kdf":{"memoryKib":65536,"timeCost":3,"lanes":2}"#;
        let card = r#""card":{"serial":"0042","algorithm":"ecdh-p256","publicKey":"0606","challenge":"07"}"#;
        let shares = |set: u16| {
            format!(
                r#""recovery":{{"form":"shares","shares":3,"threshold":2,"set":{set}}},{}"#,
                salt("05")
            )
        };
        for (kind, members) in [
            ("os_keyring", salt("03")),
            ("piv_card", card.into()),
            ("openpgp_card", card.into()),
            ("recovery", shares(258)),
            ("recovery", format!(r#""recovery":{{"form":"code"}},{}"#, salt("05"))),
            (
                "all_of",
                format!(
                    r#""parts":[{{"kind":"passphrase",{kdf},{}}},{{"kind":"os_keyring",{}}}]"#,
                    salt("07"),
                    salt("03")
                ),
            ),
            (
                "all_of",
                format!(
                    r#""parts":[{{"kind":"piv_card",{card}}},{{"kind":"recovery",{}}}]"#,
                    shares(1)
                ),
            ),
        ] {
            let expected = format!(
                r#""kind":"{kind}","name":"x","role":"administrator","createdAt":"2026-01-31T08:15:00.250Z",{members},"sealed":"08"#
            );
            assert!(text.contains(&expected), "{expected}\n{text}");
        }
    }

    #[test]
    fn members_of_another_kind_and_impossible_parts_are_refused() {
        let text = Body { slots: every_kind(), ..body() }.text().unwrap();
        for (from, to) in [
            (r#""kind":"os_keyring","name""#, r#""kind":"all_of","name""#),
            (r#""kind":"piv_card","name""#, r#""kind":"recovery","name""#),
            (r#""kind":"recovery","name""#, r#""kind":"os_keyring","name""#),
            (r#""kind":"all_of","name""#, r#""kind":"os_keyring","name""#),
            (r#"{"kind":"os_keyring","#, r#"{"kind":"all_of","#),
            (r#""shares":3"#, r#""shares":1"#),
            (r#""shares":3"#, r#""shares":17"#),
            (r#""threshold":2"#, r#""threshold":1"#),
            (r#""threshold":2"#, r#""threshold":4"#),
            (r#""set":258"#, r#""set":32768"#),
            (r#"{"form":"code"}"#, r#"{"form":"code","set":1}"#),
            (r#"{"form":"code"}"#, r#"{"form":"song"}"#),
            (r#""serial":"0042""#, r#""serial":"""#),
            (r#""serial":"0042""#, r#""serial":"ü""#),
            (r#""publicKey":"0606""#, r#""publicKey":"""#),
        ] {
            let other = text.replace(from, to);
            assert_ne!(other, text, "{from}");
            assert!(matches!(parse(&whole(&other)), Err(FormatError::Invalid(_))), "{to}");
        }
        let twice = of_kind(9, SlotKind::AllOf, vec![Part::OsKeyring { salt: [3; 32] }; 2]);
        let alone = of_kind(9, SlotKind::AllOf, vec![Part::OsKeyring { salt: [3; 32] }]);
        for slot in [twice, alone] {
            let bytes = bytes_of(&Body { slots: vec![slot], ..body() });
            assert!(why(&bytes).contains("too few parts, or a kind twice"));
        }
    }

    #[test]
    fn a_newer_kind_is_named_and_told_from_damage() {
        let text = Body { slots: every_kind(), ..body() }.text().unwrap();
        let newer = Err(FormatError::NewerKind { kind: "telepathy".into() });
        for (from, to) in [
            (r#""kind":"os_keyring","name""#, r#""kind":"telepathy","wave":1,"name""#),
            (r#"{"kind":"os_keyring","#, r#"{"kind":"telepathy","wave":[],"#),
        ] {
            let file = String::from_utf8(whole(&text.replace(from, to))).unwrap();
            assert_eq!(parse(file.as_bytes()), newer);
            let damaged = file.replace("telepathy", "telepathx");
            assert!(matches!(parse(damaged.as_bytes()), Err(FormatError::Invalid(_))));
        }
    }

    #[test]
    fn every_flipped_bit_is_found_without_a_key() {
        let bytes = bytes_of(&body());
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(parse(&changed), Err(FormatError::Invalid(_))), "bit {bit}");
        }
    }

    #[test]
    fn every_truncation_is_found() {
        let bytes = bytes_of(&body());
        for len in 0..bytes.len() {
            assert!(matches!(parse(&bytes[..len]), Err(FormatError::Invalid(_))), "length {len}");
        }
    }

    #[test]
    fn other_bytes_are_no_header() {
        for bytes in [
            &b"\n"[..],
            b"{}",
            b"null\n",
            b"hello",
            &[0xFF; 400],
            &[b'['; 60_000],
            &vec![b' '; 70_000],
        ] {
            assert!(matches!(parse(bytes), Err(FormatError::Invalid(_))));
        }
    }

    #[test]
    fn a_newer_format_is_told_from_damage() {
        let newer = whole(r#"{"format":2,"anything":["else"]}"#);
        assert_eq!(parse(&newer), Err(FormatError::Newer { found: 2 }));
        let text = String::from_utf8(newer).unwrap();
        let damaged = text.replace("else", "elsa");
        assert!(matches!(parse(damaged.as_bytes()), Err(FormatError::Invalid(_))));
        let newest = whole(&format!(r#"{{"format":{}}}"#, u32::MAX));
        assert_eq!(parse(&newest), Err(FormatError::Newer { found: u32::MAX }));
    }

    #[test]
    fn only_the_canonical_form_is_taken() {
        let text = body().text().unwrap();
        for other in [
            text.replace("\"format\":1,", "\"format\": 1,"),
            text.replace("\"sequence\":1", "\"sequence\":1.0"),
            text.replace("00.250Z", "00.25Z"),
            text.replace("00.250Z", "00.250+00:00"),
            text.replace("01010101-0101", "010101010101"),
            text.replace("0808", "0A08").replace("0A", "0a").replace("0a", "0A"),
            text.replace("ü", "\\u00fc"),
            text.replace("ü", "u\u{308}"),
            text.replace("\"format\":1,", "\"format\":1,\"format\":1,"),
            text.replace("\"format\":1,", "\"format\":1,\"more\":1,"),
            text.replace("\"format\":1,", ""),
            text.replace("\"format\":1,", "\"format\":0,"),
            text.replace("passphrase", "Tele\u{202E}pathy"),
            text.replace("passphrase", "os_keyring"),
            text.replace("passphrase", "recovery"),
            text.replace("passphrase", "piv_card"),
            text.replace("passphrase", "all_of"),
            text.replace("administrator", "emperor"),
        ] {
            assert_ne!(other, text);
            assert!(matches!(parse(&whole(&other)), Err(FormatError::Invalid(_))), "{other}");
        }
        let mut trailing = bytes_of(&body());
        trailing.push(b'\n');
        assert!(parse(&trailing).is_err());
        let swapped = String::from_utf8(bytes_of(&body())).unwrap();
        let (front, hmac) =
            swapped.trim_end().trim_end_matches('}').split_once(",\"hmac\"").unwrap();
        let (front, sha) = front.split_once(",\"sha256\"").unwrap();
        let swapped = format!("{front},\"hmac\"{hmac},\"sha256\"{sha}}}\n");
        assert_eq!(why(swapped.as_bytes()), "it is not in canonical form");
    }

    #[test]
    fn impossible_bodies_are_refused() {
        let body = body();
        let with = |slots: Vec<Slot>| bytes_of(&Body { slots, ..body.clone() });
        assert_eq!(why(&with(vec![])), "it has 0 slots");
        assert_eq!(why(&with((0..33).map(slot).collect())), "it has 33 slots");
        assert!(parse(&with((0..32).map(slot).collect())).is_ok());
        assert!(why(&with(vec![slot(1), slot(1)])).ends_with("is there twice"));
        assert_eq!(
            why(&bytes_of(&Body { sequence: 0, ..body.clone() })),
            "its sequence number is 0"
        );
        let auditor = Slot { role: Role::Auditor, ..slot(1) };
        assert!(why(&with(vec![auditor])).ends_with("has 93 sealed bytes"));
        for name in ["", " padded ", "line\nbreak", "\u{202E}txt", &"n".repeat(201)] {
            let named = Slot { name: name.into(), ..slot(1) };
            assert!(why(&with(vec![named])).ends_with("not acceptable"), "{name:?}");
        }
    }

    #[test]
    fn the_fullest_header_fits_the_bound() {
        let slots = (0..32).map(|id| Slot { name: "🗝".repeat(200), ..slot(id) }).collect();
        let bytes = bytes_of(&Body { slots, sequence: u64::MAX, ..body() });
        assert!((bytes.len() as u64) < MAX_BYTES, "{}", bytes.len());
        assert!(parse(&bytes).is_ok());
    }

    #[test]
    fn slots_that_are_each_acceptable_may_together_not_be() {
        let costing = |memory_kib, time_cost, id| {
            let kdf = Argon2Params { memory_kib, time_cost, lanes: 1 };
            Slot { parts: vec![Part::Passphrase { kdf, salt: [7; 32] }], ..slot(id) }
        };
        let with = |slots: Vec<Slot>| bytes_of(&Body { slots, ..body() });
        assert!(
            parse(&with(vec![costing(MAX_MEMORY_KIB, 32, 1), costing(MAX_MEMORY_KIB, 32, 2)]))
                .is_ok()
        );
        let too_long = "trying its slots would take too long";
        assert_eq!(
            why(&with(vec![costing(MAX_MEMORY_KIB, 32, 1), costing(MAX_MEMORY_KIB, 33, 2)])),
            too_long
        );
        assert_eq!(
            why(&with((0..32).map(|id| costing(MAX_MEMORY_KIB, MAX_TIME_COST, id)).collect())),
            too_long
        );
        // As many slots as there may be, each as dear as a computer makes it that is ten times as fast.
        let dear = (0..32).map(|id| costing(1 << 20, 8, id)).collect();
        assert!(parse(&with(dear)).is_ok());
    }

    #[test]
    fn hostile_costs_are_named() {
        for kdf in [
            Argon2Params { memory_kib: u32::MAX, time_cost: 3, lanes: 1 },
            Argon2Params { memory_kib: 65_536, time_cost: u32::MAX, lanes: 1 },
            Argon2Params { memory_kib: 65_536, time_cost: 3, lanes: u32::MAX },
            Argon2Params { memory_kib: 0, time_cost: 0, lanes: 0 },
        ] {
            let parts = vec![Part::Passphrase { kdf, salt: [7; 32] }];
            let slots = vec![Slot { parts, ..slot(1) }];
            let bytes = bytes_of(&Body { slots, ..body() });
            assert_eq!(parse(&bytes), Err(FormatError::Parameters(Argon2ParamsError(kdf))));
        }
    }
}
