import { mailText } from "./mail.ts";
import type { Writable } from "./message.ts";
import { renderInboxItem, renderNotice, textOf } from "./short.ts";
import { countParts } from "./sms.ts";

/** A message as its reader will see it. */
export type Preview = {
  title: string | null;
  text: string;
  /** Mail only. */
  html: string | null;
  /** SMS only: how many the operator counts. */
  parts: number | null;
};

/** Writes a message with the very functions that send it (FND-15). */
export function previewOf(message: Writable, channel: string): Preview {
  switch (channel) {
    case "email": {
      const { subject, text, html } = mailText(message);
      return { title: subject, text, html, parts: null };
    }
    case "sms":
    case "whatsapp": {
      const text = textOf(message, channel);
      return { title: null, text, html: null, parts: channel === "sms" ? countParts(text) : null };
    }
    default: {
      const { title, body } = channel === "push" ? renderNotice(message) : renderInboxItem(message);
      return { title, text: body, html: null, parts: null };
    }
  }
}
