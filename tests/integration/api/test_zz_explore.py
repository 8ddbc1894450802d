"""x"""
import json, time
import pytest
from tests.partnership import Partnership, refused, stored
from tests.integration.api.test_deciding import child, say, send, observe, decision, override, listed, UNLISTED
from tests.integration.api.test_reach import post, get, STAYS, GONE, RESTRICTED, named

def _try(name, f):
    try:
        r = f()
        print("XX", name, getattr(r, "status_code", None), r.get_data(as_text=True)[:300] if hasattr(r, "get_data") else str(r)[:300])
        return r
    except Exception as e:
        print("XX", name, "EXC", type(e), str(e)[:300])

def test_override_tricks(partnership: Partnership, child: str) -> None:
    observe(partnership, child, "absent", "csc", 9)
    observe(partnership, child, "stays_overnight", "hv", 5)
    of = say(partnership, child, "decisions", decision())["id"]
    for second in ({"agency": "nobody", "person": "sw1"}, {"agency": "CSC", "person": "sw1"}, "sw\u200b1", "ｓｗ１", "sw-1", "s w1", {"agency": "hv", "person": "sw1"}, "sw1.", "sw1 (SW)"):
        r = send(partnership, child, "decisions", decision(kind="other", override={"reason": "-", "second": second}))
        print("XX own", second, r.status_code, r.get_json().get("code"))
    for second in ({"agency": "nobody", "person": "sw1"}, "sw\u200b1"):
        r = send(partnership, child, "decision-overrides", override(of, second=second))
        print("XX ov", second, r.status_code, r.get_json().get("code"), str(r.get_json())[:200])

def test_corrected(partnership, child):
    observe(partnership, child, "absent", "csc", 9)
    observe(partnership, child, "stays_overnight", "hv", 5)
    d = say(partnership, child, "decisions", decision())["id"]
    _try("void", lambda: send(partnership, child, "voids", {"voids": d, "reason": "wrong child"}))
    _try("ov of void", lambda: send(partnership, child, "decision-overrides", override(d)))
    print("XX", [(o["standing"], o["ended_by"], o.get("overrides")) for o in listed(partnership, child)])

def test_weird(partnership, child):
    e = observe(partnership, child, "absent", "csc", 9)
    ps = e.rpartition(".")[0]
    bodies = [
        dict(relies_on=[]), dict(relies_on=[{"entry": f"{ps}.9999", "index": 999}]),
        dict(relies_on=[{"entry": e}]), dict(relies_on=[{"entry": e, "index": 5}]),
        dict(relies_on=[{"about": "nobody-known", "attribute": "presence", "value": "absent"}]),
        dict(relies_on=[{"about": "father", "attribute": "no_such_attribute", "value": "absent"}]),
        dict(relies_on=[{"about": "father", "attribute": "presence", "value": "no_such_value"}]),
        dict(relies_on=[{"about": "father", "attribute": "presence", "value": {"a": [1, 2]}}]),
        dict(relies_on=[{"about": "father", "attribute": "weight", "value": {"amount": 1e308, "unit": "kg"}}]),
        dict(relies_on=[{"about": "father", "attribute": "presence", "value": None}]),
        dict(relies_on=[{"about": "father", "attribute": "presence", "value": 3}]),
        dict(kind="step_down", relies_on=[{"about": "child", "attribute": "presence", "value": "absent"}]),
        dict(kind="step_down", to="x\u0001" ), dict(kind="close", override={"reason":"a","second":"zz"}),
        dict(author=None), dict(author={}), dict(author={"ref": ""}), dict(reason=None),
        dict(kind="return_home", relies_on=[{"about": "father", "attribute": "contact_with_child", "value": "supervised", "valid": "1900/.."}]),
        dict(kind="close", relies_on=[{"about": "father", "attribute": "presence", "value": "absent"}] * 20),
    ]
    for b in bodies:
        r = _try(str(b)[:90], lambda: send(partnership, child, "decisions", decision(**b)))
        if r.status_code >= 500 or r.status_code < 300 and (r.get_json().get("decision") or {}).get("standing") is None: print("XX BAD", b)
    r = _try("list", lambda: partnership.get(f"/children/{child}/decisions", "csc")); assert r.status_code == 200
    for q in ("kind=close&relies_on=" + e + ":0", "kind=close&as_of=1", "kind=close&as_of=0", "kind=close&as_of=99999999999999999999", "kind=close&known_at=1900", "kind=close&hash=zz", "kind='%20OR%201=1", "kind=close&relies_on=" + e + ":000"):
        _try(q, lambda: partnership.get(f"/children/{child}/decisions/preview?{q}", "csc"))

def test_household(partnership, child):
    observe(partnership, child, "absent", "csc", 9)
    observe(partnership, child, "stays_overnight", "hv", 5)
    d = say(partnership, child, "decisions", decision(kind="close", relies_on=[]))["decision"]
    print("XX", d["why"]); print("XX", json.dumps([a for a in d["assumptions"] if a["item"] == "household_agreed"], indent=1))
