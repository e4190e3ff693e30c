import { once } from "node:events";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createEmulator } from "emulate";
import type { TwilioAccount } from "../twilio_client.ts";

/** How the gate before Twilio fails. "after" means that Twilio took the text, and the answer is lost. */
export type Weather =
  | "well"
  | "hangs up"
  | "hangs up after"
  | "is silent after"
  | "trickles"
  | "is broken"
  | "is broken after"
  | { status: number; code?: number; message?: string; location?: string };

export type TwilioVendor = {
  account: TwilioAccount;
  /** A number of that account. */
  from: string;
  messagingServiceSid: string;
  /** What it was asked to send: the forms, in order. */
  forms(): URLSearchParams[];
  /** What it has to send, whatever its answers said. */
  taken(): Promise<{ sid: string; to: string; body: string | null; status: string }[]>;
  behave(weather: Weather): void;
  /** Moves a text on, and tells whoever asked to be told. */
  moveTo(sid: string, status: string): Promise<void>;
  /** A text that somebody sends to the account's number. */
  receive(from: string, body: string): Promise<void>;
  stop(): Promise<void>;
};

const account = {
  accountSid: "AC0123456789abcdef0123456789abcdef",
  authToken: "0123456789abcdef0123456789abcdef",
  apiKey: { sid: "SK0123456789abcdef0123456789abcdef", secret: "fedcba9876543210fedcba9876543210" },
};
const from = "+40312345678";
const messagingServiceSid = "MG0123456789abcdef0123456789abcdef";

/** `emulate`, a local server that speaks Twilio, and before it a gate that fails as told. */
export async function startTwilio({ smsUrl }: { smsUrl?: string } = {}): Promise<TwilioVendor> {
  const emulator = await createEmulator({
    service: "twilio",
    port: await freePort(),
    seed: {
      twilio: {
        account: { sid: account.accountSid, auth_token: account.authToken },
        api_keys: [account.apiKey],
        phone_numbers: [
          { phone_number: from, ...(smsUrl && { sms_url: smsUrl }) },
          { phone_number: `whatsapp:${from}` },
        ],
        messaging_services: [{ sid: messagingServiceSid, friendly_name: "Clinic", phone_numbers: [from] }],
      },
    },
  });
  const { port } = new URL(emulator.url);
  const forms: URLSearchParams[] = [];
  let weather: Weather = "well";

  const gate = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const sending = incoming.method === "POST";
    if (sending) forms.push(new URLSearchParams(String(body)));
    const now = sending ? weather : "well"; // its list answers, whatever becomes of a send
    if (now === "hangs up") return void incoming.socket.destroy();
    if (now === "is broken") return twilioError(response, { status: 503 });
    if (typeof now === "object") return twilioError(response, now);

    const forwarded = request(
      { port, host: "127.0.0.1", method: incoming.method, path: incoming.url, headers: incoming.headers },
      async (answer) => {
        const text = await buffer(answer);
        if (now === "hangs up after") return void incoming.socket.destroy();
        if (now === "is silent after") return;
        if (now === "trickles") {
          response.writeHead(201, { "content-type": "application/json" });
          const dripping = setInterval(() => response.write(" "), 50);
          return void response.once("close", () => clearInterval(dripping));
        }
        if (now === "is broken after") return twilioError(response, { status: 500 });
        response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
      },
    );
    forwarded.end(body);
  });
  gate.listen(0, "127.0.0.1");
  await once(gate, "listening");

  const ask = async (path: string, form?: Record<string, string>) => {
    const { accountSid, authToken } = account;
    const response = await fetch(`${emulator.url}${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}` },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    if (!response.ok) throw new Error(`emulate answers ${response.status}`);
    return response.json();
  };

  return {
    account: { ...account, apiUrl: `http://127.0.0.1:${(gate.address() as AddressInfo).port}` },
    from,
    messagingServiceSid,
    forms: () => forms,
    async taken() {
      const list = await ask(`/2010-04-01/Accounts/${account.accountSid}/Messages.json?PageSize=1000`);
      return (list as { messages: Awaited<ReturnType<TwilioVendor["taken"]>> }).messages;
    },
    behave(next) {
      weather = next;
    },
    async moveTo(sid, status) {
      await ask("/_twilio/simulate/message-status", { MessageSid: sid, Status: status });
    },
    async receive(sender, body) {
      await ask("/_twilio/simulate/inbound-message", { To: from, From: sender, Body: body });
    },
    async stop() {
      gate.closeAllConnections();
      await Promise.all([new Promise((resolve) => gate.close(resolve)), emulator.close()]);
    },
  };
}

/** Twilio's messages quote the number: none of that may come through. */
function twilioError(
  response: ServerResponse,
  { status, code, message = "for +40722123456", location }: Exclude<Weather, string>,
): void {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  response
    .writeHead(status, { "content-type": "application/json", ...(location && { location }) })
    .end(JSON.stringify({ status, message, ...(code && { code, more_info }) }));
}

async function freePort(): Promise<number> {
  const probe: Server = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
