import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** The keys that a browser makes for a subscription; the private one never leaves it. */
export type BrowserKeys = { p256dh: string; auth: string; privateKey: string };

export function newBrowserKeys(): BrowserKeys {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  return {
    p256dh: pair.getPublicKey("base64url"),
    auth: randomBytes(16).toString("base64url"),
    privateKey: pair.getPrivateKey("base64url"),
  };
}

/**
 * Opens a push message as a browser does: RFC 8291 over one record of aes128gcm (RFC 8188). Throws when it
 * was not made for these keys or was changed.
 */
export function openPush(message: Buffer, { p256dh, auth, privateKey }: BrowserKeys): Buffer {
  // salt, record size, length of the key id, the sender's public key, and the record
  const salt = message.subarray(0, 16);
  const keyEnd = 21 + message.readUInt8(20);
  const senderKey = message.subarray(21, keyEnd);
  const record = message.subarray(keyEnd);

  const pair = createECDH("prime256v1");
  pair.setPrivateKey(privateKey, "base64url");
  const shared = pair.computeSecret(senderKey);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), Buffer.from(p256dh, "base64url"), senderKey]);
  const secret = derive(shared, Buffer.from(auth, "base64url"), info, 32);
  const key = derive(secret, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = derive(secret, salt, Buffer.from("Content-Encoding: nonce\0"), 12);

  const opening = createDecipheriv("aes-128-gcm", key, nonce);
  opening.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([opening.update(record.subarray(0, -16)), opening.final()]);
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 2) throw new Error("not the last record");
  return padded.subarray(0, end);
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, info, length));
}
