// The head of the IDE: opens the README's operations as tabs, fills their variables from the answers before them, and
// signs people in by putting a fresh token into the headers of the tab.

/**
 * @typedef {{ name: string, words: string, operation: string, as?: string, variables?: string }} Step
 * @typedef {{ steps: Step[], people: { who: string, name: string }[], mailbox: string }} Story
 * @typedef {{ id: string, query: string | null, response: string | null }} Tab
 */

/** @type {Record<string, any>} What was answered last, by the name of the operation. */
const answers = {};
const soon = (days = 0) => new Date(Date.now() + days * 24 * 60 * 60_000).toISOString();

/** @type {Record<string, () => string | undefined>} Where the variables of the story come from, by their names. */
const sources = {
  calendar: () =>
    answers.FindClinic?.clinicBySlug?.calendars.find(
      (/** @type {any} */ one) => one.name === "Consultație la medic",
    )?.id,
  from: () => soon(),
  to: () => soon(14),
  startsAt: () => answers.FreeTimes?.availableSlots?.nodes[0]?.startsAt,
  holdToken: () => answers.Hold?.holdSlot?.slotHold.token,
  request: () =>
    answers.Book?.requestBooking?.bookingReceipt.bookingRequestId ??
    answers.OpenRequests?.bookingRequests?.nodes[0]?.id,
  clinic: () => answers.TakeIn?.takeInGuest?.bookingRequest.patient.organizationId,
  patient: () => answers.TakeIn?.takeInGuest?.bookingRequest.patient.id,
  version: () => answers.Missing?.missingOfBookingRequest?.[0]?.purposeVersionId,
};

/** @type {Story} */
const story = await (await fetch("/ide/story.json")).json();
/** @type {Map<string, string>} Who a token was given out for. */
const owners = new Map();
/** @type {Map<string, string>} What this page put into the variables of a step. */
const filled = new Map();
let picked = "";

const who = /** @type {HTMLSelectElement} */ (document.querySelector("#who"));
const said = /** @type {HTMLElement} */ (document.querySelector("#said"));
/** @param {string} words */
const say = (words) => {
  said.textContent = words;
};

/** @param {string} person */
async function headersOf(person, headers = {}) {
  const response = await fetch(`/ide/token/${encodeURIComponent(person)}`);
  if (!response.ok)
    throw new Error(`No token: open this page as localhost, or use npm run token -- ${person}`);
  const { token } = await response.json();
  owners.set(token, person);
  return JSON.stringify({ ...headers, authorization: `Bearer ${token}` }, null, 2);
}

/** The variables of a step, with what is known by now. @param {Step} step */
function variablesOf({ variables = "{}" }) {
  /** @param {string} name @param {unknown} value */
  const known = (name, value) => (/^<.*>$/.test(String(value)) && sources[name]?.()) || value;
  return JSON.stringify(JSON.parse(variables), known, 2);
}

/** The text of an editor of the IDE. @param {string} name */
const editorOf = (name) =>
  /** @type {any} */ (globalThis).monaco?.editor
    .getModels()
    .find((/** @type {any} */ model) => model.uri.path.endsWith(name));

/** @param {string | null} query */
const stepOf = (query) =>
  story.steps.find(({ name }) => new RegExp(`^(query|mutation) ${name}\\b`, "m").test(query ?? ""));

/** @type {{ query: string | null }} */
let active = { query: null };

/** What stands in the variables is changed where it is ours, and left alone where somebody wrote it. */
function fill() {
  const step = stepOf(active.query);
  const editor = editorOf("variables.json");
  if (!step?.variables || !editor) return;
  if (![step.variables, filled.get(step.name)].includes(editor.getValue())) return;
  const text = variablesOf(step);
  filled.set(step.name, text);
  if (text !== editor.getValue()) editor.setValue(text);
}

function readHeaders() {
  try {
    return JSON.parse(editorOf("request-headers.json").getValue());
  } catch {
    return {};
  }
}

/** Shows as whom the tab asks. */
function showWho() {
  const token = String(readHeaders().authorization ?? "").replace(/^Bearer /, "");
  who.value = token === "" ? "" : (owners.get(token) ?? "other");
}

/** @param {string} person */
async function signIn(person) {
  const { authorization: _, ...others } = readHeaders();
  const editor = editorOf("request-headers.json");
  editor.setValue(person ? await headersOf(person, others) : JSON.stringify(others, null, 2));
  say(person ? `${person} is signed in, in this tab.` : "Nobody is signed in, in this tab.");
}

/** @type {Map<string, string>} */
const heard = new Map();

/** @param {{ tabs: Tab[], activeTabIndex: number }} state */
function onTabChange({ tabs, activeTabIndex }) {
  for (const { id, query, response } of tabs) {
    if (!response || heard.get(id) === response) continue;
    heard.set(id, response);
    const step = stepOf(query);
    const data = step && readData(response);
    if (data) answers[step.name] = data;
  }
  const tab = tabs[activeTabIndex];
  if (!tab) return;
  const entered = tab.query !== active.query;
  active = tab;
  // The editors get the texts of a tab after this call.
  setTimeout(async () => {
    fill();
    if (entered && !tab.query && picked && !readHeaders().authorization) await signIn(picked);
    showWho();
  });
}

/** @param {string} response */
function readData(response) {
  try {
    return JSON.parse(response).data;
  } catch {
    return undefined; // an answer on its way
  }
}

/** Asks as a visitor. @param {Step | undefined} step */
async function ask(step) {
  if (!step) return;
  const body = JSON.stringify({ query: step.operation, variables: JSON.parse(variablesOf(step)) });
  const headers = { "content-type": "application/json" };
  const response = await fetch("/graphql", { method: "POST", headers, body });
  answers[step.name] = (await response.json()).data;
}

/** The tabs of the last visit that are not the story's, which is always as the README has it. */
function ownTabs() {
  try {
    const { tabs } = JSON.parse(localStorage.getItem("graphiql:tabState") ?? "{}");
    const known = new Set(story.steps.map(textOf));
    return tabs.filter((/** @type {Tab} */ { query }) => query && !known.has(query));
  } catch {
    return [];
  }
}

/** @param {Step} step */
const textOf = ({ words, operation }) => `${words.replace(/^/gm, "# ")}\n${operation}`;

/** @param {Step} step */
async function tabOf(step) {
  const headers = step.as && (await headersOf(step.as).catch(() => undefined));
  return { query: textOf(step), variables: step.variables, headers };
}

/** @param {() => unknown} isSo */
async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
}

who.append(...story.people.map(({ who, name }) => new Option(name, who)));
const other = new Option("somebody else's token", "other");
other.hidden = true;
who.append(other);
who.addEventListener("change", () => {
  picked = who.value;
  signIn(picked).catch((/** @type {Error} */ error) => say(error.message));
});
const mailbox = /** @type {HTMLAnchorElement} */ (document.querySelector("#mailbox"));
mailbox.href = story.mailbox;
mailbox.hidden = false;

const ruru = "/ruru-static/ruru.js";
const tabs = [...(await Promise.all(story.steps.map(tabOf))), ...ownTabs()];
for (const name of ["tabState", "query", "variables", "headers"]) localStorage.removeItem(`graphiql:${name}`);
/** @type {any} */ (globalThis).MonacoEnvironment.globalAPI = true; // the editors can be found by name
const { React, createRoot, Ruru } = await import(ruru);
const settings = /** @type {any} */ (globalThis).RESTARTIX_RURU;
createRoot(document.querySelector("#ruru-root")).render(
  React.createElement(Ruru, {
    ...settings,
    defaultTabs: tabs,
    defaultEditorToolsVisibility: "variables",
    onTabChange,
  }),
);

// What a visitor may ask is asked before anybody clicks, so that the first steps can be taken in any order.
const [findClinic, freeTimes] = story.steps;
await ask(findClinic);
await ask(freeTimes);
await until(() => editorOf("request-headers.json"));
who.disabled = false;
fill();
showWho();
