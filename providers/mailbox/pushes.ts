import type { Answer, Ask } from "./answer.ts";
import { notFound } from "./answer.ts";
import { type BrowserKeys, newBrowserKeys, openPush } from "./browser.ts";
import { type Kept, KeptRecords } from "./kept_records.ts";

/** A notice as a browser would show it; what could not be opened shows its size alone. */
export type CapturedPush = {
  subscriptionId: string;
  notice: { title?: string; body?: string; url?: string } | null;
  /** In bytes, encrypted. */
  size: number;
  ttlSeconds: number;
  urgency: string;
  topic: string | null;
};

/** A browser of the mailbox: what PushManager.subscribe() would give, and the key it would keep. */
type Browser = BrowserKeys;

export type Pushes = {
  list(): Promise<Kept<CapturedPush>[]>;
  read(id: string): Promise<Kept<CapturedPush> | undefined>;
  /** Makes a subscription whose notices are shown here. */
  subscribe(origin: string): Promise<{ endpoint: string; keys: { p256dh: string; auth: string } }>;
  /** Takes a notice, as a push service does (RFC 8030). */
  receive(ask: Ask, origin: string): Promise<Answer>;
};

export async function openPushes(folder: string, keep: number, changed?: () => void): Promise<Pushes> {
  const browsers = await KeptRecords.open<Browser>(`${folder}/subscriptions`, keep);
  const notices = await KeptRecords.open<CapturedPush>(folder, keep, changed);

  return {
    list: () => notices.list(),
    read: (id) => notices.read(id),

    async subscribe(origin) {
      const { id, p256dh, auth } = await browsers.add(newBrowserKeys());
      return { endpoint: `${origin}/push/${id}`, keys: { p256dh, auth } };
    },

    async receive({ path, headers, body }, origin) {
      const browser = path[1] && (await browsers.read(path[1]));
      if (!browser) return { ...notFound, status: 410 };
      if (!/^vapid t=[\w.-]+, ?k=[\w-]+$/.test(headers.authorization ?? "")) return answer(401);
      if (headers["content-encoding"] !== "aes128gcm" || headers.ttl === undefined) return answer(400);
      if (body.length > 4_096) return answer(413);
      const { id } = await notices.add({
        subscriptionId: browser.id,
        notice: open(body, browser),
        size: body.length,
        ttlSeconds: Number(headers.ttl) || 0,
        urgency: String(headers.urgency ?? "normal"),
        topic: headers.topic ? String(headers.topic) : null,
      });
      return { ...answer(201), headers: { location: `${origin}/pushes/${id}` } };
    },
  };
}

function open(body: Buffer, browser: Browser): CapturedPush["notice"] {
  try {
    const notice = JSON.parse(openPush(body, browser).toString("utf8"));
    return typeof notice === "object" ? notice : null;
  } catch {
    return null;
  }
}

function answer(status: number): Answer {
  return { status, type: "text/plain", body: "" };
}
