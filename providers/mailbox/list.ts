import type { Kept } from "./kept_records.ts";
import type { MailSummary } from "./mails.ts";
import { html, type Markup } from "./markup.ts";
import { channelName, page, time } from "./pages.ts";
import type { CapturedPush } from "./pushes.ts";
import { matches } from "./search.ts";
import type { CapturedText } from "./texts.ts";

/** Everything that was captured. */
export type Captured = {
  mails: MailSummary[];
  texts: Kept<CapturedText>[];
  pushes: Kept<CapturedPush>[];
};

/** What somebody looks for: words, and one kind of message. */
export type Wanted = { words?: string; kind?: string };

/** What the list shows of a message, and the words by which it is found. */
type Entry = { at: string; channel: string; href: string; title: string; details: Markup; words: string[] };

const channels = ["Email", "SMS", "WhatsApp", "Push"];

/** The list over every channel, newest first, of what is wanted. */
export function listPage(captured: Captured, { words = "", kind = "" }: Wanted = {}): string {
  const entries = [
    ...captured.mails.map(mailEntry),
    ...captured.texts.map(textEntry),
    ...captured.pushes.map(pushEntry),
  ];
  const found = entries
    .filter(({ channel }) => !kind || channel === kind)
    .filter((entry) => matches(words, [entry.channel, entry.title, ...entry.words]))
    .sort((one, other) => (one.at < other.at ? 1 : -1));
  return page(
    "Mailbox",
    html`<h1>Mailbox</h1>
<form role="search" action="/">
<label>Recipient or text <input type="search" name="q" value="${words}" autocomplete="off"></label>
<label>Kind <select name="kind">
${["", ...channels].map((one) => option(one, kind))}
</select></label>
<button>Search</button>
</form>
<p class="soft" role="status" id="status">${countOf(found.length, entries.length)}</p>
<ol id="messages">${found.map(shown)}</ol>`,
  );
}

function option(channel: string, chosen: string): Markup {
  const label = channel || "All kinds";
  return channel === chosen
    ? html`<option value="${channel}" selected>${label}</option>`
    : html`<option value="${channel}">${label}</option>`;
}

function countOf(found: number, all: number): string {
  if (all === 0)
    return "Nothing yet. Everything this machine sends over any channel arrives here and goes no further.";
  const messages = all === 1 ? "1 message" : `${all} messages`;
  return found === all ? messages : `${found} of ${messages}`;
}

function mailEntry(mail: MailSummary): Entry {
  const to = mail.to.join(", ");
  return {
    at: mail.receivedAt,
    channel: "Email",
    href: `/messages/${mail.id}`,
    title: mail.subject || "(no subject)",
    details: html`to ${to} · ${time(mail.receivedAt)}${mail.attachments.length > 0 ? " · with attachment" : ""}`,
    words: [to, mail.from, mail.text],
  };
}

function textEntry(text: Kept<CapturedText>): Entry {
  const { from, to, body, template } = text;
  const said = body ?? `(template ${template?.id ?? "unknown"})`;
  return {
    at: text.receivedAt,
    channel: channelName(text),
    href: `/texts/${text.id}`,
    title: said.trim().split("\n")[0]?.slice(0, 120) || "(no text)",
    details: html`${text.direction === "inbound" ? `from ${from}` : `to ${to}`} · ${time(text.receivedAt)} · ${text.status}`,
    words: [from, to, said, ...Object.values(template?.variables ?? {})],
  };
}

function pushEntry(push: Kept<CapturedPush>): Entry {
  return {
    at: push.receivedAt,
    channel: "Push",
    href: `/pushes/${push.id}`,
    title: push.notice?.title || "(could not be opened)",
    details: html`to browser ${push.subscriptionId} · ${time(push.receivedAt)}`,
    words: [push.subscriptionId, push.notice?.body ?? ""],
  };
}

function shown({ channel, href, title, details }: Entry): Markup {
  return html`<li><a href="${href}">
<span class="channel">${channel}</span>
<span class="subject">${title}</span>
<span class="soft">${details}</span>
</a></li>`;
}
