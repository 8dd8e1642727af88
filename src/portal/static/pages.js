// Pages work without this script; it spares people a button and a reload.

const page = document.documentElement;
page.classList.add("scripted");

/** Puts the main part of an answered page in the place of this one's, and says aloud what is new in it. */
async function show(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  if (!type.startsWith("text/html")) throw new Error(`answered ${answer.status}`);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement;
  const opened = [...document.querySelectorAll("details[open]")].map(({ id }) => id);
  const chosen = [...document.querySelectorAll("input[type=radio]:checked")].map(({ id }) => id);
  document.title = next.title;
  document.querySelector("main").replaceWith(next.querySelector("main"));
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const id of chosen) {
    const choice = document.getElementById(id);
    if (choice && !choice.disabled) choice.checked = true;
  }
  goOnAt(focused);
  document.getElementById("news").textContent = document.querySelector("[data-news]")?.textContent ?? "";
  if (answer.redirected) history.replaceState(null, "", answer.url);
  startTimers();
}

/** Whoever was at a control is at its successor, and what they typed into another form than the answered one stays. */
function goOnAt(control) {
  const next = document.getElementById(control?.id);
  if (!next) return;
  if (control.form && !control.form.matches("[data-live]")) next.value = control.value;
  next.focus({ preventScroll: true });
}

const fetchPage = (url, options = {}) => fetch(url, { ...options, headers: { Accept: "text/html" } });

// A form marked `data-live` is sent as soon as something in it changes; only the last answer is shown.
let turn = 0;
document.addEventListener("change", async ({ target }) => {
  const form = target.form?.matches("[data-live]") ? target.form : null;
  if (!form?.checkValidity()) return;
  turn += 1;
  const mine = turn;
  document.querySelector("main").setAttribute("aria-busy", "true");
  try {
    const answer = await fetchPage(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
    });
    if (mine === turn) await show(answer);
  } catch {
    if (mine === turn) form.submit();
  }
});

// What is still under way says so with `data-refresh`, in seconds.
function refreshLater() {
  const seconds = document.querySelector("main [data-refresh]")?.dataset.refresh;
  if (seconds === undefined) return;
  setTimeout(async () => {
    try {
      await show(await fetchPage(location.href));
    } catch {
      refreshLater();
    }
  }, Number(seconds) * 1_000);
}

// Whoever is done is taken back, unless they do something here first.
function returnLater() {
  const link = document.querySelector("a[data-return]");
  if (!link) return;
  const going = setTimeout(() => link.click(), Number(link.dataset.return) * 1_000);
  for (const sign of ["pointerdown", "keydown"])
    document.addEventListener(sign, () => clearTimeout(going), { once: true });
}

function startTimers() {
  refreshLater();
  returnLater();
}
startTimers();

// A second press of the same button sends nothing: the first is on its way.
document.addEventListener("submit", (event) => {
  const { target: form } = event;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "true";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
});
