//! What ends, for a calendar: iCalendar (RFC 5545). A reminder's UID depends on what it reminds of alone,
//! so that a later file changes what an earlier one brought in.

use std::fmt;
use std::io;

use chrono::{DateTime, Utc};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _, Property};
use keyreeve_domain::{CertificateRecord, CertificateState, KeyRecord, State, Timestamp};

use super::InventoryHead;
use crate::text::one_line;

/// Closes what [`head`] opens.
pub(super) const END: &str = "END:VCALENDAR\r\n";

/// The longest name that is shown, in characters: a certificate's subject may be a book.
const MAX_NAME: usize = 200;

/// Something that ends.
pub(super) struct Reminder {
    uid: String,
    /// Grows with every change of what it reminds of.
    sequence: u64,
    at: Timestamp,
    /// When the calendar says so; at the end itself if nothing warns before.
    warn_at: Option<Timestamp>,
    title: String,
    details: Vec<String>,
}

/// Everything before the reminders.
pub(super) fn head(about: &InventoryHead) -> io::Result<String> {
    let mut calendar = Calendar::empty();
    let name = one_line(&about.name);
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", &format!("-//Keyreeve//Keyreeve {}//EN", about.app_version)),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", &format!("{name}: keys and certificates")),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    let text: String = (&calendar).try_into().map_err(io::Error::other)?;
    Ok(text.strip_suffix(END).unwrap_or(&text).to_owned())
}

/// What of a key ends after `now`.
pub(super) fn of_key(record: &KeyRecord, now: Timestamp) -> Vec<Reminder> {
    let name = shown(record.name.as_str());
    let owner = record.owner.as_str();
    let reminder = |what: String, at: Timestamp, title: String, version: u32| {
        let mut details = vec![
            format!("{} for {}, version {version}", record.algorithm, record.purpose),
            format!("Key {}", record.id),
        ];
        if !owner.is_empty() {
            details.push(format!("Owner: {owner}"));
        }
        let uid = format!("{what}-{}@keyreeve", record.id);
        Reminder { uid, sequence: record.revision, at, warn_at: None, title, details }
    };
    let mut found = Vec::new();
    if let Some(end) = record.rotate_by() {
        let title = format!("Rotate “{name}”");
        let rotate = reminder("rotate".into(), end, title, record.primary_version);
        found.push(Reminder { warn_at: record.warn_at(), ..rotate });
    }
    for version in &record.versions {
        let number = version.version;
        if let Some(end) = version.deactivate_at.filter(|_| version.state == State::Active) {
            let title = format!("Version {number} of “{name}” is no longer used");
            found.push(reminder(format!("overlap-{number}"), end, title, number));
        }
        if let Some(end) = version.destroy_scheduled_at {
            let title = format!("Version {number} of “{name}” is destroyed");
            found.push(reminder(format!("destroy-{number}"), end, title, number));
        }
    }
    found.retain(|reminder| reminder.at > now);
    found
}

/// The end of a certificate that is of use at `now` or later, and that nothing is in the place of.
pub(super) fn of_certificate(record: &CertificateRecord, now: Timestamp) -> Option<Reminder> {
    let over = matches!(record.state(now), CertificateState::Revoked | CertificateState::Expired);
    if over || record.replaced_by.is_some() {
        return None;
    }
    let subject = match record.subject.as_str() {
        "" => format!("number {}", record.serial),
        subject => subject.to_owned(),
    };
    let mut details = vec![
        format!("Issued by {}", shown(&record.issuer)),
        format!("Serial number {}", shown(&record.serial)),
        format!("Certificate {}", record.id),
    ];
    let owner = record.description.owner.as_str();
    if !owner.is_empty() {
        details.push(format!("Owner: {owner}"));
    }
    Some(Reminder {
        uid: format!("certificate-{}@keyreeve", record.id),
        sequence: 0,
        at: record.not_after,
        warn_at: record.not_after.checked_sub(CertificateRecord::WARNING).ok(),
        title: format!("The certificate of “{}” expires", shown(&subject)),
        details,
    })
}

impl Reminder {
    /// The event, made at `now`.
    pub(super) fn text(&self, now: Timestamp) -> io::Result<String> {
        let failed = |_unwritable: fmt::Error| io::Error::other("a reminder cannot be written");
        let mut alarm = Alarm::display(&self.title, utc(self.warn_at.unwrap_or(self.at)));
        // The library would take a random name and look at the clock.
        alarm.uid(&format!("alarm-{}", self.uid)).timestamp(utc(now));
        Event::new()
            .uid(&self.uid)
            .sequence(u32::try_from(self.sequence).unwrap_or(u32::MAX))
            .timestamp(utc(now))
            .starts(utc(self.at))
            .summary(&self.title)
            .description(&self.details.join("\n"))
            .add_property("CATEGORIES", "Keyreeve")
            .add_property("TRANSP", "TRANSPARENT")
            .alarm(alarm)
            .try_into_string()
            .map_err(failed)
    }
}

/// A name on one line, cut where it is too long to be one.
fn shown(name: &str) -> String {
    let line = one_line(name);
    if line.chars().count() <= MAX_NAME {
        return line;
    }
    line.chars().take(MAX_NAME - 1).chain(['…']).collect()
}

fn utc(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_second(), 0).unwrap_or_default()
}
