"""What the ledger's entries in a partnership's record do to the projections: who takes part, and under what rules."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement

_PARTNERSHIP: Final = """
    INSERT INTO ledger.partnerships (partnership_id, record_id, name, nation, duty_desk) VALUES (%s, %s, %s, %s, %s)"""
# An entry does not repeat whose record it stands in.
_AGENCY: Final = """
    INSERT INTO ledger.agencies (agency_id, partnership_id, kind, name, contact)
    SELECT %s, p.partnership_id, %s, %s, %s FROM ledger.partnerships p WHERE p.record_id = %s"""
_ENDED: Final = "UPDATE ledger.agencies SET ended_number = %s WHERE agency_id = %s"
_PERSON: Final = "INSERT INTO ledger.people (person_id, agency_id, ref, name, role) VALUES (%s, %s, %s, %s, %s)"
_GIVE: Final = "INSERT INTO ledger.person_roles (person_id, role, number) VALUES (%s, %s, %s)"
_TAKE: Final = """
    UPDATE ledger.person_roles SET taken_number = %s WHERE person_id = %s AND role = %s AND taken_number IS NULL"""
_PACK: Final = """
    INSERT INTO ledger.pack_activations (partnership_id, number, recorded_at, name, version, digest, rules)
    SELECT p.partnership_id, %s, %s, %s, %s, %s, %s FROM ledger.partnerships p WHERE p.record_id = %s"""
_POLICY: Final = """
    INSERT INTO ledger.photograph_policies (agency_id, number, reference, title, url) VALUES (%s, %s, %s, %s, %s)"""

_HOSTS: Final = "INSERT INTO ledger.webhook_hosts (agency_id, number, hosts) VALUES (%s, %s, %s)"


def _opened(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    yield _PARTNERSHIP, (body["partnership"], told.record_id, body["name"], body["nation"], body["duty_desk"])


def _agency(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    yield _AGENCY, (body["agency"], body["kind"], body["name"], body["contact"], told.record_id)


def _agency_ended(told: Told, _before: Before) -> Iterable[Statement]:
    yield _ENDED, (told.number, told.body["agency"])


def _person(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    yield _PERSON, (UUID(body["person"]), body["agency"], body["ref"], body["name"], body["role"])


def _role_given(told: Told, _before: Before) -> Iterable[Statement]:
    yield _GIVE, (UUID(told.body["person"]), told.body["role"], told.number)


def _role_taken(told: Told, _before: Before) -> Iterable[Statement]:
    yield _TAKE, (told.number, UUID(told.body["person"]), told.body["role"])


def _pack(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    named = (body["pack"], body["version"], body["digest"], body.get("rules"))
    yield _PACK, (told.number, told.recorded_at, *named, told.record_id)


def _policy(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    yield _POLICY, (body["agency"], told.number, body["reference"], body.get("title"), body.get("url"))


def _webhook_hosts(told: Told, _before: Before) -> Iterable[Statement]:
    yield _HOSTS, (told.body["agency"], told.number, told.body["hosts"])


PARTNERSHIP: Final[Mapping[str, Projection]] = {
    "partnership_opened": _opened,
    "agency_added": _agency,
    "agency_ended": _agency_ended,
    "person_added": _person,
    "role_given": _role_given,
    "role_taken": _role_taken,
    "pack_activated": _pack,
    "photograph_policy_set": _policy,
    "webhook_hosts_set": _webhook_hosts,
}
