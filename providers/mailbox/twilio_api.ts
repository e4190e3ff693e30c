import { timingSafeEqual } from "node:crypto";
import type { Answer, Ask } from "./answer.ts";
import type { Kept } from "./kept_records.ts";
import type { Account, CapturedText, Texts } from "./texts.ts";

/** Numbers that Twilio documents for trying out what goes wrong, and the codes they give. */
const refusedNumbers: Record<string, [number, string]> = {
  "+15005550001": [21211, "is not a valid phone number"],
  "+15005550002": [21612, "cannot be reached from this sender"],
  "+15005550003": [21408, "is in a region that is not allowed"],
  "+15005550004": [21610, "has unsubscribed"],
  "+15005550009": [21614, "is not a mobile number"],
};

/**
 * As much of Twilio's REST API as sending needs, so that Twilio's own SDK works against the mailbox: a message
 * is created, listed and read. https://www.twilio.com/docs/messaging/api/message-resource
 */
export async function twilioApi(texts: Texts, account: Account, ask: Ask): Promise<Answer> {
  const [, accounts, accountPart = "", messages, messagePart] = ask.path;
  if (!isAccount(account, ask.headers.authorization)) return refusal(401, 20003, "Authenticate");
  if (accounts !== "Accounts" || accountPart.replace(/\.json$/, "") !== account.accountSid) {
    return refusal(404, 20404, "The requested resource was not found");
  }
  const base = `/2010-04-01/Accounts/${account.accountSid}`;

  if (messages === undefined && ask.method === "GET") {
    return json(200, { sid: account.accountSid, status: "active", type: "Full", friendly_name: "Mailbox" });
  }
  if (messages === "Messages.json" && ask.method === "POST") return create(texts, account, ask);
  if (messages === "Messages.json" && ask.method === "GET") {
    const to = ask.query.get("To");
    const found = (await texts.list()).filter((text) => !to || address(text, text.to) === to);
    const size = Math.min(Number(ask.query.get("PageSize")) || 50, 1_000);
    return json(200, {
      messages: found.slice(0, size).map((text) => resource(account, text)),
      page: 0,
      page_size: size,
      next_page_uri: null,
      uri: `${base}/Messages.json`,
    });
  }
  if (messages === "Messages" && messagePart && ask.method === "GET") {
    const text = (await texts.list()).find(({ sid }) => `${sid}.json` === messagePart);
    if (text) return json(200, resource(account, text));
  }
  return refusal(404, 20404, "The requested resource was not found");
}

async function create(texts: Texts, account: Account, ask: Ask): Promise<Answer> {
  const form = new URLSearchParams(ask.body.toString("utf8"));
  const [to = "", from = form.get("MessagingServiceSid") ?? ""] = [form.get("To"), form.get("From")].map(
    (value) => value?.replace(/^whatsapp:/, ""),
  );
  const body = form.get("Body");
  const template = form.get("ContentSid");
  if (!to) return refusal(400, 21604, "A 'To' phone number is required");
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return refusal(400, 21211, "'To' is not a valid phone number");
  if (!from) return refusal(400, 21603, "A 'From' phone number is required");
  if (!body && !template) return refusal(400, 21602, "Message body is required");
  if (body && [...body].length > 1_600)
    return refusal(400, 21617, "The message body exceeds 1600 characters");
  const [code, why] = refusedNumbers[to] ?? [];
  if (code) return refusal(400, code, `'To' ${why}`);

  let variables: Record<string, string> = {};
  try {
    variables = JSON.parse(form.get("ContentVariables") ?? "{}");
  } catch {
    return refusal(400, 21656, "The ContentVariables parameter is invalid");
  }
  const text = await texts.take({
    channel: form.get("To")?.startsWith("whatsapp:") ? "whatsapp" : "sms",
    from,
    to,
    body,
    template: template ? { id: template, variables } : null,
    statusCallback: form.get("StatusCallback"),
  });
  return json(201, resource(account, text));
}

function resource({ accountSid }: Account, text: Kept<CapturedText>): object {
  const date = new Date(text.receivedAt).toUTCString().replace("GMT", "+0000");
  return {
    sid: text.sid,
    account_sid: accountSid,
    api_version: "2010-04-01",
    from: address(text, text.from),
    to: address(text, text.to),
    body: text.body ?? "",
    status: text.status,
    direction: text.direction,
    date_created: date,
    date_updated: date,
    date_sent: text.status === "queued" ? null : date,
    error_code: null,
    error_message: null,
    messaging_service_sid: text.from.startsWith("MG") ? text.from : null,
    num_media: "0",
    num_segments: "1",
    price: null,
    price_unit: "USD",
    subresource_uris: {},
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}.json`,
  };
}

function address({ channel }: CapturedText, number: string): string {
  return channel === "whatsapp" ? `whatsapp:${number}` : number;
}

function isAccount({ accountSid, authToken }: Account, authorization = ""): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`);
  const given = Buffer.from(authorization);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function json(status: number, body: object): Answer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}

function refusal(status: number, code: number, message: string): Answer {
  return json(status, { status, code, message, more_info: `https://www.twilio.com/docs/errors/${code}` });
}
