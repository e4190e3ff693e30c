import {
  PushDelayed,
  type Pusher,
  PushGone,
  PushRefused,
  type PushSubscription,
} from "../../providers/push/port.ts";
import { TextDelayed, type TextMessage, type TextMessengers, TextRefused } from "../../providers/sms/port.ts";

/** How a vendor of these tests answers. */
export type Behaviour = "takes it" | "is busy" | "refuses it" | "number is dead";

/** Vendors behind the real ports, which say what the test wants and remember what they took. */
export function startVendors() {
  const texts: (TextMessage & { channel: string; key: string })[] = [];
  const notices: { endpoint: string; key: string; title: string; body: string; ttlSeconds: number }[] = [];
  let behaviour: Behaviour = "takes it";
  const gone = new Set<string>();
  const busy = new Set<string>();

  const messengers: TextMessengers = {
    for: async (_organization, channel) => ({
      channel,
      vendor: "twilio",
      async send(message, { key }) {
        if (behaviour === "is busy") throw new TextDelayed("vendor busy");
        if (behaviour === "refuses it") throw new TextRefused("vendor 21612");
        if (behaviour === "number is dead") throw new TextRefused("vendor 21614", true);
        texts.push({ ...message, channel, key });
        return { vendorId: `SM-${key}-${texts.length}` };
      },
    }),
  };
  const pusher: Pusher = {
    publicKey: "B".repeat(87),
    vendor: "web_push",
    async send({ endpoint }: PushSubscription, notice, { key, ttlSeconds }) {
      if (gone.has(endpoint)) throw new PushGone("410");
      if (busy.has(endpoint)) throw new PushDelayed("503");
      if (behaviour === "refuses it") throw new PushRefused("413");
      notices.push({ endpoint, key, ...notice, ttlSeconds });
      return { vendorId: endpoint };
    },
  };
  return {
    texts,
    notices,
    messengers,
    pusher,
    behave(next: Behaviour) {
      behaviour = next;
    },
    gone,
    busy,
  };
}
