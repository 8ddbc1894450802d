// While a file is being posted, shows how far it has come; once it is over, the page is read anew.
const EVERY_MS = 2000;

async function look() {
  const shown = document.getElementById("ledger-import-progress");
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("ledger-import-progress");
  if (!found || found.dataset.state !== "posting") {
    location.reload();
    return;
  }
  shown.replaceChildren(...found.childNodes);
}

setInterval(() => {
  if (!document.hidden) look().catch(() => {});
}, EVERY_MS);
