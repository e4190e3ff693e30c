// What the pages of the mailbox do in a browser: times by the reader's clock, and a list that searches and renews
// itself. The server writes every list; without this script the pages work by reloading.

const clock = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "long", // says the zone
});
const { timeZone } = clock.resolvedOptions();

/** @param {ParentNode} place */
function showLocalTimes(place) {
  for (const time of place.querySelectorAll("time")) time.textContent = clock.format(new Date(time.dateTime));
}

/** @template {Element} T @param {string} selector @param {ParentNode} place @returns {T} */
function find(selector, place = document) {
  const found = place.querySelector(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return /** @type {T} */ (found);
}

/** @param {Element} entry */
const keyOf = (entry) => find("a", entry).getAttribute("href");

/**
 * Makes the list what the server says it is now, and leaves alone what stands in it already, so that nobody loses the
 * place. Answers with what is new.
 *
 * @param {Element} list
 * @param {Element} next
 */
function renew(list, next) {
  const present = new Map([...list.children].map((entry) => [keyOf(entry), entry]));
  const wanted = [...next.children];
  const keys = new Set(wanted.map(keyOf));
  for (const [key, entry] of present) if (!keys.has(key)) entry.remove();
  let place = list.firstElementChild;
  const added = [];
  for (const entry of wanted) {
    const mine = present.get(keyOf(entry));
    if (mine) {
      find(".soft", mine).replaceWith(find(".soft", entry)); // a text may have been delivered meanwhile
      place = mine.nextElementSibling;
    } else {
      list.insertBefore(entry, place);
      added.push(entry);
    }
  }
  return added;
}

function keepListUpToDate() {
  const list = find("#messages");
  const status = find("#status");
  /** @type {HTMLFormElement} */
  const form = find("form");
  let asking = false;
  let again = false;

  /** One question at a time; what is asked meanwhile is asked once more afterwards. */
  async function ask({ searching = false } = {}) {
    again = true;
    if (asking) return;
    asking = true;
    while (again) {
      again = false;
      try {
        await show(searching);
      } catch {
        status.textContent = "The mailbox does not answer. It is asked again.";
      }
    }
    asking = false;
  }

  /** @param {boolean} searching */
  async function show(searching) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.set(name, String(value));
    const address = query.size > 0 ? `/?${query}` : "/";
    const response = await fetch(address);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const added = renew(list, find("#messages", next));
    const count = find("#status", next).textContent ?? "";
    const news = added.map((entry) => find(".subject", entry).textContent).slice(0, 3);
    if (!searching && added.length > 0) status.textContent = `${count}. New: ${news.join("; ")}`;
    else if (searching || !status.textContent?.startsWith(count)) status.textContent = count;
    showLocalTimes(list);
    history.replaceState(null, "", address);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask({ searching: true });
  });
  form.addEventListener("input", () => void ask({ searching: true }));

  const events = new EventSource("/api/arrivals");
  events.addEventListener("message", () => void ask());
  events.addEventListener("open", () => void ask()); // what arrived while nobody was listening
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED)
      status.textContent =
        "Too many pages of the mailbox are open: this one shows new messages when it is reloaded.";
  });
}

showLocalTimes(document);
find("#zone").textContent = `Times are in ${timeZone}, as this browser's clock has them.`;
if (document.querySelector("#messages")) keepListUpToDate();
