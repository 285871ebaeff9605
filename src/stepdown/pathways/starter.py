"""The definition that a new one begins from: small, complete, and passing every check."""

STARTER = """# A pathway. docs/reference/pathways.md says what each line means.
key: KEY
version: 1
name: New pathway
about: What it is for, in a sentence or two.
purpose: support
retention: {group: partnership, from: closed}

sources:
  - {key: agency, name: Partner agency}

referral:
  - key: why
    name: Why
    fields:
      - {key: reason, name: "What would help?", type: long-text, category: support}

people:
  - {key: supported, name: Person supported, consent: support}
team:
  - {key: lead, name: Lead professional}

stages:
  - key: referred
    name: Referral received
    steps: [check]
    moves:
      - {to: active, name: Take it on, needs: [steps-done, {people-there: supported}]}
      - {to: closed, name: Do not take it on}
  - key: active
    name: Support
    moves:
      - {to: closed, name: Close}
  - key: closed
    name: Closed
    ends: yes

steps:
  - key: check
    name: Check the referral
    who: lead
    due: {within: 2 working days, of: opened}
    fields:
      - {key: enough, name: "Is there enough to go on?", type: yes-no, category: support}

outcomes:
  - {key: helped, name: Helped, counts-as: success, stage: closed}
  - {key: not-helped, name: Not helped, counts-as: not, stage: closed,
     reasons: [{key: declined, name: They did not want it}]}

permissions:
  coordinator:
    districts: [view, refer, assign, work, move, close, reopen]
"""
