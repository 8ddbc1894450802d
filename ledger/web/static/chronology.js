// The slider of a chronology: steps through the days on which something was recorded, by hand or playing.
// Each step reads the page as known on that day and puts its part in place: what is shown is what was known then,
// and each reading is recorded like any other. Without this script the date field and the links beside it do the same.

const STEP_MS = 1500;
const A_DAY_MS = 86_400_000;
const box = document.getElementById("replay");
const slider = document.getElementById("replay-day");
const play = document.getElementById("replay-play");
const said = document.getElementById("replay-said");
const before = document.getElementById("replay-before");
const after = document.getElementById("replay-after");
const field = document.getElementById("known_on");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

const first = Date.parse(`${box.dataset.first}T00:00:00Z`);
const days = box.dataset.days.split(" ").filter(Boolean).map((one) => {
  const [offset, count] = one.split(":").map(Number);
  return { day: new Date(first + offset * A_DAY_MS).toISOString().slice(0, 10), count };
});
const words = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
let timer = null;
let asked = null;

// The last place is now: it stands after the last day on which anything was recorded.
function place() {
  return Number(slider.value);
}

function saying(at) {
  if (at >= days.length) return "Now";
  const { day, count } = days[at];
  return `${words.format(Date.parse(`${day}T00:00:00Z`))}: ${count} ${count === 1 ? "entry" : "entries"} recorded`;
}

function show(at) {
  slider.value = at;
  slider.setAttribute("aria-valuetext", saying(at));
  said.textContent = saying(at);
  before.disabled = at <= 0;
  after.disabled = at >= days.length;
}

function address(at) {
  const url = new URL(window.location.href);
  for (const name of ["after", "entry", "as_of"]) url.searchParams.delete(name);
  if (at >= days.length) url.searchParams.delete("known_on");
  else url.searchParams.set("known_on", days[at].day);
  url.hash = "";
  return url;
}

async function go(at) {
  show(at);
  const url = address(at);
  const known = document.getElementById("as-known");
  if (asked) asked.abort();
  asked = new AbortController();
  const mine = asked;
  known.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById("as-known");
    if (!part) {
      // Signed out, or refused: the page itself says so.
      window.location.assign(url);
      return false;
    }
    part.querySelector("[role=status]")?.removeAttribute("role");
    known.replaceWith(part);
    field.value = at >= days.length ? "" : days[at].day;
    window.history.replaceState(null, "", url);
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    known.removeAttribute("aria-busy");
    said.textContent = "The page could not be read: check the connection and try again.";
    return false;
  }
}

function pause() {
  clearTimeout(timer);
  timer = null;
  play.textContent = "Play";
}

async function step(next) {
  const read = await go(next);
  if (timer === null) return;
  if (!read || next >= days.length) pause();
  else timer = setTimeout(step, STEP_MS, next + 1);
}

function start() {
  play.textContent = "Pause";
  // From the end it begins again with the first day.
  const next = place() >= days.length ? 0 : place() + 1;
  timer = setTimeout(step, 0, next);
}

play.addEventListener("click", () => (timer === null ? start() : pause()));
slider.addEventListener("input", () => (pause(), show(place())));
slider.addEventListener("change", () => go(place()));
before.addEventListener("click", () => (pause(), go(place() - 1)));
after.addEventListener("click", () => (pause(), go(place() + 1)));
document.addEventListener("keydown", (event) => event.key === "Escape" && pause());
document.addEventListener("visibilitychange", () => document.hidden && pause());
// On paper nothing can be opened.
window.addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("#as-known details")) one.open = true;
});
// Who asked for less motion steps by hand.
function moving() {
  play.hidden = still.matches;
  if (still.matches) pause();
}
still.addEventListener("change", moving);

if (days.length > 1) {
  slider.max = days.length;
  const known = box.dataset.at;
  const at = known ? days.findLastIndex((one) => one.day <= known) : days.length;
  show(Math.max(at, 0));
  moving();
  box.querySelector(".ledger-replay__steps").hidden = true;
  box.querySelector(".ledger-replay__player").hidden = false;
}
