//! `--set`: settings as people type them, for the model or for the service, whichever has one of that name.

use super::Problem;
use crate::settings::{SettingDef, Settings};

/// What can be set about a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offers<'a> {
    /// Id and settings of its model.
    pub model: (&'a str, &'static [SettingDef]),
    /// Id and settings of its service.
    pub service: (&'a str, &'static [SettingDef]),
}

/// Settings of the model and of the service from `name=value`, `model.name=value` or `service.name=value`. Of several for the
/// same setting the last one counts.
pub(super) fn choose(offers: Offers<'_>, typed: &[String]) -> Result<(Settings, Settings), Problem> {
    let (mut model, mut service) = (Settings::default(), Settings::default());
    for text in typed {
        let refuse = |words: String| Problem::Usage(format!("--set '{text}': {words}"));
        let (name, value) = text.split_once('=').ok_or_else(|| refuse("write NAME=VALUE, such as workers=4".to_owned()))?;
        let (whose, name) = name.trim().split_once('.').map_or(("", name.trim()), |(whose, name)| (whose, name));
        if !["", "model", "service"].contains(&whose) {
            return Err(refuse(format!("'{whose}' is neither 'model' nor 'service'")));
        }
        let of = |kind: &str, defs: &'static [SettingDef]| match whose {
            "" => defs.iter().find(|def| def.id == name),
            _ if whose == kind => defs.iter().find(|def| def.id == name),
            _ => None,
        };
        let (into, def) = match (of("model", offers.model.1), of("service", offers.service.1)) {
            (Some(def), None) => (&mut model, def),
            (None, Some(def)) => (&mut service, def),
            (Some(_), Some(_)) => {
                let (model, service) = (offers.model.0, offers.service.0);
                let both = format!("model '{model}' and service '{service}' both have '{name}'");
                return Err(refuse(format!("{both}; write model.{name}=… or service.{name}=…")));
            }
            (None, None) => return Err(refuse(unknown(offers, whose, name))),
        };
        into.set(name, def.parse(value).map_err(|error| refuse(error.to_string()))?);
    }
    Ok((model, service))
}

fn unknown(offers: Offers<'_>, whose: &str, name: &str) -> String {
    let has = |kind: &str, (id, defs): (&str, &[SettingDef])| {
        let names: Vec<_> = defs.iter().map(|def| def.id).collect();
        if names.is_empty() { format!("{kind} '{id}' has no settings") } else { format!("{kind} '{id}' has {}", names.join(", ")) }
    };
    let all: Vec<_> = [("model", offers.model), ("service", offers.service)]
        .into_iter()
        .filter(|(kind, _)| whose.is_empty() || whose == *kind)
        .map(|(kind, offer)| has(kind, offer))
        .collect();
    format!("there is no setting '{name}' here; {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Unit;

    const DELAY: SettingDef = SettingDef::number("delay_ms", (0, 0, 100), Unit::Millis, "");
    const MODEL: &[SettingDef] = &[SettingDef::number("workers", (1, 4, 256), Unit::Count, ""), DELAY];
    const SERVICE: &[SettingDef] = &[SettingDef::text("delimiter", "\\n", 8, ""), DELAY];

    fn set(typed: &[&str]) -> Result<String, String> {
        let typed: Vec<_> = typed.iter().map(|&text| text.to_owned()).collect();
        let words = |settings: &Settings| settings.iter().map(|(id, value)| format!("{id}={value}")).collect::<Vec<_>>().join(" ");
        match choose(Offers { model: ("pool", MODEL), service: ("list", SERVICE) }, &typed) {
            Ok((model, service)) => Ok(format!("{} | {}", words(&model), words(&service))),
            Err(Problem::Usage(words)) => Err(words),
            Err(other) => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn a_name_finds_its_owner_and_the_last_value_counts() {
        let typed = ["workers=9", "delimiter==\\x00=", "model.delay_ms=1", "service.delay_ms=2", "workers=8"];
        assert_eq!(set(&typed).as_deref(), Ok(r"delay_ms=1 workers=8 | delay_ms=2 delimiter==\x00="));
        assert_eq!(set(&[]).as_deref(), Ok(" | "));
    }

    #[test]
    fn what_cannot_be_set_is_refused_with_what_can() {
        let refused = |typed| set(&[typed]).unwrap_err();
        assert_eq!(refused("workers"), "--set 'workers': write NAME=VALUE, such as workers=4");
        assert_eq!(refused("workers=0"), "--set 'workers=0': 'workers' is 0; it may be 1 to 256");
        assert_eq!(refused("workers=some"), "--set 'workers=some': 'workers' must be a whole number");
        let both = "model 'pool' and service 'list' both have 'delay_ms'; write model.delay_ms=… or service.delay_ms=…";
        assert_eq!(refused("delay_ms=1"), format!("--set 'delay_ms=1': {both}"));
        let neither = "there is no setting 'n' here; model 'pool' has workers, delay_ms, service 'list' has delimiter, delay_ms";
        assert_eq!(refused("n=1"), format!("--set 'n=1': {neither}"));
        let here = "there is no setting 'delimiter' here; model 'pool' has workers, delay_ms";
        assert_eq!(refused("model.delimiter=1"), format!("--set 'model.delimiter=1': {here}"));
        assert_eq!(refused("server.workers=1"), "--set 'server.workers=1': 'server' is neither 'model' nor 'service'");
    }
}
