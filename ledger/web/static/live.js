// Says on the list of alerts that something new has come, and offers to read it; it changes nothing by itself.
// What a stream tells are names: the page, when it is read again, says what its reader may see.

const NEW = new Set(["alert.raised", "alert.reraised", "alert.lapsed", "alert.woken"]);
const RETRY_MS = 30_000;
const RETRY_MOST_MS = 600_000;

const place = document.getElementById("ledger-live");
const title = document.title;
const fresh = new Set();
let after = place.dataset.after;
let hasChanged = false;
let stream = null;
let wait = RETRY_MS;
let timer = null;

function told() {
  if (fresh.size === 1) return "1 new alert.";
  if (fresh.size > 1) return `${fresh.size} new alerts.`;
  return "Your alerts have changed.";
}

function show() {
  if (!fresh.size && !hasChanged) return;
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = window.location.pathname;
  link.textContent = "Show them";
  const words = document.createElement("p");
  words.className = "govuk-body";
  const strong = document.createElement("strong");
  strong.textContent = told();
  words.append(strong, " ", link);
  place.replaceChildren(words);
  place.classList.add("ledger-banner");
  document.title = fresh.size ? `(${fresh.size} new) ${title}` : title;
}

function read(event) {
  after = event.lastEventId || after;
  wait = RETRY_MS;
}

function open() {
  if (stream || document.hidden) return;
  clearTimeout(timer);
  stream = new EventSource(`${place.dataset.at}?last_event_id=${encodeURIComponent(after)}`, { withCredentials: true });
  stream.addEventListener("ready", read);
  stream.addEventListener("reset", (event) => {
    read(event);
    hasChanged = true;
    show();
  });
  stream.addEventListener("message", (event) => {
    read(event);
    const item = JSON.parse(event.data);
    if (NEW.has(item.type)) fresh.add(item.subject);
    else if (item.type.startsWith("alert.")) hasChanged = true;
    show();
  });
  stream.addEventListener("error", () => {
    // A stream that broke is opened again by the browser; one that was refused is not: signed out, or too many.
    if (stream === null || stream.readyState !== EventSource.CLOSED) return;
    stream = null;
    timer = setTimeout(open, wait * (1 + Math.random()));
    wait = Math.min(2 * wait, RETRY_MOST_MS);
  });
}

function close() {
  clearTimeout(timer);
  if (stream) stream.close();
  stream = null;
}

// A page that nobody looks at holds nothing open: a browser has few connections for each site. It goes on where it was.
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", open);
open();
