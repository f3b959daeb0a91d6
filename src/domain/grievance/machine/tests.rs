//! The table, held against its papers and against what must always be true of it.

use super::*;

/// The table as the papers show it: the acts down, the states across.
fn as_written() -> String {
    let mut table = String::from("| act | by |");
    for state in State::ALL {
        table.push_str(&format!(" `{}` |", state.as_str()));
    }
    table.push_str("\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    let all_facts = [Inquiry::None, Inquiry::Open, Inquiry::Reported].map(|inquiry| Facts { inquiry, ..MOST });
    for action in Action::ALL {
        for party in Party::ALL {
            let leads = |state: &State| {
                all_facts
                    .iter()
                    .find_map(|facts| next(*state, *action, None, party, facts))
            };
            let cells: Vec<Option<Next>> = State::ALL.iter().map(leads).collect();
            if cells.iter().all(Option::is_none) {
                continue;
            }
            table.push_str(&format!("| `{}` | {} |", action.as_str(), party.as_str()));
            for cell in cells {
                table.push_str(&cell.map_or(" |".to_owned(), |next| {
                    format!(" {}{} |", next.state.as_str(), if next.up { " ↑" } else { "" })
                }));
            }
            table.push('\n');
        }
    }
    table
}

/// The outcomes as the papers show them: where a level below has decided and where not, and what they lead to.
fn outcomes_as_written() -> String {
    let mut table =
        String::from("| outcome | of a grievance | of a decision below | leads to |\n| --- | --- | --- | --- |\n");
    let first = Facts {
        inquiry: Inquiry::Reported,
        ..MOST
    };
    let review = Facts { reviews: true, ..first };
    for outcome in Outcome::ALL {
        let leads = |facts| next(State::InProgress, Action::Decide, Some(*outcome), Party::Handler, facts);
        let mark = |facts| if leads(facts).is_some() { "✓" } else { "" };
        let state = leads(&first).or(leads(&review)).map_or("", |next| next.state.as_str());
        let cells = [mark(&first), mark(&review), state].map(|cell| {
            if cell.is_empty() {
                " ".into()
            } else {
                format!(" {cell} ")
            }
        });
        table.push_str(&format!("| `{}` |{}|\n", outcome.as_str(), cells.join("|")));
    }
    table
}

#[test]
fn the_papers_show_these_tables() {
    let papers = include_str!("../../../../docs/grievances.md");
    assert!(
        papers.contains(&outcomes_as_written()),
        "docs/grievances.md lacks:\n{}",
        outcomes_as_written()
    );
    assert!(
        papers.contains(&as_written()),
        "docs/grievances.md lacks:\n{}",
        as_written()
    );
}

/// Every combination of facts.
fn every_fact() -> impl Iterator<Item = Facts> {
    (0..4096_u32).flat_map(|bits| {
        let bit = move |i: u32| bits >> i & 1 == 1;
        [Inquiry::None, Inquiry::Open, Inquiry::Reported].map(move |inquiry| Facts {
            at_first_level: bit(0),
            at_last_level: bit(1),
            reviews: bit(2),
            is_overdue: bit(3),
            within_appeal: bit(4),
            opinion_asked: bit(5),
            information_asked: bit(6),
            inquiry,
            departmental_action: bit(7),
            untold: bit(8),
            anonymous: bit(9),
            blacklisting_recommended: bit(10),
            within_feedback: bit(11),
        })
    })
}

#[test]
fn nothing_leads_above_the_last_level() {
    for facts in every_fact().filter(|facts| facts.at_last_level) {
        for state in State::ALL {
            for action in Action::ALL {
                for party in Party::ALL {
                    let next = next(*state, *action, None, party, &facts);
                    assert!(next.is_none_or(|next| !next.up), "{state:?} {action:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_closed_is_opened_by_an_appeal_only() {
    for facts in every_fact() {
        for state in State::ALL.iter().filter(|state| !state.is_open()) {
            for action in Action::ALL.iter().filter(|action| **action != Action::Appeal) {
                for party in Party::ALL {
                    let next = next(*state, *action, None, party, &facts);
                    assert!(
                        next.is_none_or(|next| next.state == *state && !next.up),
                        "{state:?} {action:?}"
                    );
                }
            }
            if *state == State::Withdrawn || !facts.within_appeal {
                assert_eq!(next(*state, Action::Appeal, None, Party::Complainant, &facts), None);
            }
        }
    }
}

#[test]
fn every_open_state_has_a_way_on_for_its_handler_and_out_for_the_complainant() {
    for facts in every_fact() {
        for state in State::ALL.iter().filter(|state| state.is_open()) {
            let handler = available(*state, Party::Handler, &facts);
            let on = [
                Action::Accept,
                Action::Decide,
                Action::ReportInvestigation,
                Action::ConfirmCompliance,
            ];
            assert!(on.iter().any(|action| handler.contains(action)), "{state:?} {facts:?}");
            assert!(available(*state, Party::Complainant, &facts).contains(&Action::Withdraw));
        }
        assert!(!outcomes(&facts).is_empty());
    }
}

#[test]
fn a_missed_limit_opens_the_next_level_to_all_who_may_go_there() {
    let missed = Facts {
        within_appeal: false,
        ..MOST
    };
    for state in [State::Submitted, State::InProgress, State::AwaitingCompliance] {
        for party in [Party::Complainant, Party::Respondent] {
            assert_eq!(
                next(state, Action::Appeal, None, party, &missed),
                above(State::Submitted)
            );
        }
        assert_eq!(
            next(state, Action::TakeUp, None, Party::NextHandler, &missed),
            above(State::InProgress)
        );
        let in_time = Facts {
            is_overdue: false,
            ..missed
        };
        assert_eq!(next(state, Action::Appeal, None, Party::Complainant, &in_time), None);
        assert_eq!(next(state, Action::TakeUp, None, Party::NextHandler, &in_time), None);
    }
}

#[test]
fn acts_belong_to_parties() {
    assert!(is_act_of(Action::Decide, Party::Handler) && !is_act_of(Action::Decide, Party::Respondent));
    assert!(is_act_of(Action::GiveOpinion, Party::Respondent) && is_act_of(Action::Appeal, Party::Respondent));
    assert!(is_act_of(Action::TakeUp, Party::NextHandler) && !is_act_of(Action::Accept, Party::NextHandler));
    assert!(is_act_of(Action::ReportInvestigation, Party::Handler));
    for action in Action::ALL {
        assert!(
            Party::ALL.into_iter().any(|party| is_act_of(*action, party)),
            "{action:?} is nobody's"
        );
    }
}
