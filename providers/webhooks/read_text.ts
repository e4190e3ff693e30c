import { WebhookRefused } from "./port.ts";

/** Bytes that are no text could read like other bytes that are: what was signed is text. */
export function readText(rawBody: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(rawBody);
  } catch {
    throw new WebhookRefused("body_malformed");
  }
}
