//! Writes the window's side of the border: `ui/src/ipc/bindings.ts`.
#![allow(clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use keyreeve_app::api::*;
use keyreeve_crypto::{Algorithm, Purpose};
use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::SlotKind;
use keyreeve_domain::{PolicyTemplate, State};
use ts_rs::{Config, TS, TypeVisitor};

struct Declarations<'a> {
    config: &'a Config,
    types: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_dependencies(self);
        T::visit_generics(self);
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.types
                .insert(T::name(self.config), format!("{docs}export {}", T::decl(self.config)));
        }
    }
}

fn union(out: &mut String, name: &str, values: impl IntoIterator<Item = &'static str>) {
    let values: Vec<_> = values.into_iter().map(|value| format!("{value:?}")).collect();
    _ = writeln!(out, "export const {name}Values = [{}] as const;", values.join(", "));
    _ = writeln!(out, "export type {name} = (typeof {name}Values)[number];\n");
}

fn main() {
    let config = Config::new().with_large_int("number");
    let mut declarations = Declarations { config: &config, types: BTreeMap::new() };
    let mut calls = String::new();

    macro_rules! calls {
        ($($name:ident: $request:ty => $response:ty,)+) => {
            $(
                declarations.visit::<$request>();
                declarations.visit::<$response>();
                let snake = stringify!($name);
                let response = match <$response as TS>::name(&config).as_str() {
                    "null" => "void".to_owned(),
                    name => name.to_owned(),
                };
                let (argument, pass) = match <$request as TS>::name(&config).as_str() {
                    "null" => (String::new(), String::new()),
                    name => (format!("request: {name}"), ", { request }".to_owned()),
                };
                _ = writeln!(
                    calls,
                    "  {}: ({argument}): Promise<{response}> => call({snake:?}{pass}),",
                    camel(snake)
                );
            )+
        };
    }
    keyreeve_app::for_each_command!(calls);
    declarations.visit::<ErrorView>();
    declarations.visit::<JobProgress>();
    declarations.visit::<PadRequestView>();
    declarations.visit::<VaultLocked>();

    let mut out = String::from(
        "// Generated from Rust by `npm run bindings`; do not edit.\n\nimport { call } from \"./call\";\n\n",
    );
    union(&mut out, "Algorithm", Algorithm::ALL.iter().map(|a| a.name()));
    union(&mut out, "Purpose", Purpose::ALL.iter().map(|p| p.name()));
    union(&mut out, "KeyState", State::ALL.iter().map(|s| s.name()));
    union(&mut out, "PolicyTemplate", PolicyTemplate::ALL.iter().map(|t| t.name()));
    union(&mut out, "AuditAction", Action::ALL.iter().map(|a| a.name()));
    union(&mut out, "Role", ["administrator", "operator", "auditor"]);
    union(&mut out, "SlotKind", SlotKind::ALL.iter().map(|kind| kind.name()));
    union(&mut out, "Permission", ["yes", "warn", "override", "no"]);
    union(&mut out, "WhereUsedKind", ["host", "application", "path", "url"]);
    union(&mut out, "SortBy", ["name", "algorithm", "purpose", "state", "rotate_by", "created_at"]);
    union(
        &mut out,
        "SmartFilter",
        ["expiring_soon", "overdue", "expired", "compromised", "scheduled_for_destruction"],
    );
    union(&mut out, "AuditSource", ["gui", "cli", "agent", "scheduler"]);
    union(&mut out, "AuditObjectKind", ["vault", "slot", "key", "audit", "backup", "certificate"]);
    union(&mut out, "AuditOutcome", ["done", "denied", "failed"]);
    for declaration in declarations.types.values() {
        out.push_str(declaration);
        out.push_str("\n\n");
    }
    out.push_str("/** Every command of the core. */\nexport const commands = {\n");
    out.push_str(&calls);
    out.push_str("};\n");
    print!("{out}");
}

fn camel(snake: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}
