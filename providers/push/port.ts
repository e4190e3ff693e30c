/** A browser that wants to be told, as PushManager.subscribe() describes it. */
export type PushSubscription = { endpoint: string; p256dh: string; auth: string };

/** What the service worker shows. Kept free of health data: it stands on a locked screen. */
export type PushNotice = { title: string; body: string; url?: string };

/**
 * Sends Web Push with VAPID (FND-15). `send` rejects with PushGone when the subscription is over and must be
 * dropped, with PushRefused when this notice never will be taken, and with PushDelayed otherwise.
 */
export interface Pusher {
  /** Who carries it, as its reports are filed. */
  readonly vendor?: string;
  /** The applicationServerKey that browsers subscribe with, base64url. */
  readonly publicKey: string;
  send(
    subscription: PushSubscription,
    notice: PushNotice,
    options: { key: string; ttlSeconds: number },
  ): Promise<{ vendorId: string }>;
}

export class PushGone extends Error {
  override name = "PushGone";
}
export class PushRefused extends Error {
  override name = "PushRefused";
}
export class PushDelayed extends Error {
  override name = "PushDelayed";
}
