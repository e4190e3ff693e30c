import type { PushNotice } from "../providers/push/port.ts";
import type { TextMessage } from "../providers/sms/port.ts";
import { addressOf, type ClaimedMessage, type Writable } from "./message.ts";
import { fitForSms, shorten } from "./sms.ts";
import { fill, oneLine, tidy, viewOf } from "./view.ts";

/** A text for a telephone (FND-15). WhatsApp is sent as the text it approved, filled in with numbered variables. */
export function renderText(message: ClaimedMessage): TextMessage {
  const { content_sid: id, content_variables: names } = message;
  const body = textOf(message, message.channel);
  if (message.channel !== "whatsapp" || id === null) return { to: addressOf(message), body };
  const view = viewOf(message);
  const variables = Object.fromEntries(
    // An empty variable is refused by WhatsApp.
    (names ?? []).map((name, place) => [String(place + 1), oneLine(String(view[name] ?? "")) || "-"]),
  );
  return { to: addressOf(message), body, template: { id, variables } };
}

/** The words of an SMS or of a WhatsApp message. */
export function textOf(message: Writable, channel: string): string {
  const text = oneLine(fill(message.body, viewOf(message)));
  return channel === "sms" ? fitForSms(text) : shorten(text);
}

/** What a browser shows. Its template names no treatment: it stands on a locked screen. */
export function renderNotice(message: Writable): PushNotice {
  const view = viewOf(message);
  return { title: oneLine(fill(message.title ?? "", view)), body: oneLine(fill(message.body, view)) };
}

/** What stands in the inbox of the app. */
export function renderInboxItem(message: Writable): { title: string; body: string } {
  const view = viewOf(message);
  return { title: oneLine(fill(message.title ?? "", view)), body: tidy(fill(message.body, view)) };
}
