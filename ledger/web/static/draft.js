// Keeps what is being typed in this tab alone, until it is posted: a session may end while somebody writes.
// It is kept under a name made of who writes and about whom. Whoever else opens the page in this tab takes it away unread,
// and so does signing out; closing the tab does the same. Nothing is kept on the device beyond the tab.

const PREFIX = "ledger-draft:";
const HOURS_MAX = 12;
const form = document.getElementById("observe");
const posted = document.querySelector("[data-posted]");

function forgetAll(except) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && key !== except) sessionStorage.removeItem(key);
  }
}

function keep(key) {
  const fields = {};
  for (const one of form.elements) {
    if (!one.name || ["csrf", "page", "step"].includes(one.name) || one.type === "submit") continue;
    if (one.type === "checkbox") {
      if (one.checked) (fields[one.name] ??= []).push(one.value);
    } else fields[one.name] = [one.value];
  }
  sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
}

function restore(key) {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  const narrative = form.elements.narrative;
  if (!kept || narrative.value || Date.now() - kept.at > HOURS_MAX * 3_600_000) return;
  for (const one of form.elements) {
    const values = kept.fields[one.name];
    if (!values || one.type === "hidden" || one.type === "submit") continue;
    if (one.type === "checkbox") one.checked = values.includes(one.value);
    else [one.value] = values;
  }
  const said = document.createElement("p");
  said.className = "govuk-body-s";
  said.setAttribute("role", "status");
  said.textContent = "What you had typed in this tab and not posted was put back.";
  form.prepend(said);
}

if (posted) sessionStorage.removeItem(PREFIX + posted.dataset.posted);
if (form?.dataset.draft) {
  const key = PREFIX + form.dataset.draft;
  forgetAll(key);
  restore(key);
  form.addEventListener("input", () => keep(key));
}
for (const leaving of document.querySelectorAll('form[action$="/sign-out"]')) {
  leaving.addEventListener("submit", () => forgetAll(null));
}
