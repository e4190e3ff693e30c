import { createCipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import type { BrowserKeys } from "../browser.ts";

/** RFC 8291, from the other side; what is encrypted ends with a mark of the record and its padding. */
export function seal(plain: string, { p256dh, auth }: Omit<BrowserKeys, "privateKey">): Buffer {
  const derive = (secret: Buffer, salt: Buffer, info: Buffer | string, length: number) =>
    Buffer.from(hkdfSync("sha256", secret, salt, info, length));
  const pair = createECDH("prime256v1");
  const senderKey = pair.generateKeys();
  const browserKey = Buffer.from(p256dh, "base64url");
  const salt = randomBytes(16);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), browserKey, senderKey]);
  const secret = derive(pair.computeSecret(browserKey), Buffer.from(auth, "base64url"), info, 32);
  const key = derive(secret, salt, "Content-Encoding: aes128gcm\0", 16);
  const sealing = createCipheriv("aes-128-gcm", key, derive(secret, salt, "Content-Encoding: nonce\0", 12));
  const record = Buffer.concat([sealing.update(plain, "latin1"), sealing.final(), sealing.getAuthTag()]);
  return Buffer.concat([salt, Buffer.from([16, 0, 0, 0, senderKey.length]), senderKey, record]);
}
