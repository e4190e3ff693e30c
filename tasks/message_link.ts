import type { PoolClient } from "pg";
import type { ClaimedMessage } from "../messages/message.ts";
import type { Outside } from "./task.ts";

/** The signature link that a message carries, if it carries one. */
function signatureLinkIn({ data }: ClaimedMessage): string | undefined {
  const id = (data as Record<string, unknown>).signatureLinkId;
  return typeof id === "string" ? id : undefined;
}

/**
 * The message with its link, as it leaves: neither the message nor its job holds a token. The token stands in the fragment of
 * the address, which browsers send to no server.
 */
export async function withLink(
  message: ClaimedMessage,
  client: PoolClient,
  { secrets, publicUrl }: Pick<Outside, "secrets" | "publicUrl">,
): Promise<ClaimedMessage> {
  const { link_name: name, link_path: path } = message;
  const row = signatureLinkIn(message);
  if (!row && (name === null || path === null)) return message;
  // What a message says of a visit is worth more than the way to change it: where nobody said where our pages are, it has no link.
  if (!row) return { ...message, link: { name: name as string, url: publicUrl ? publicUrl + path : "" } };
  if (!publicUrl) throw new Error("nobody said where our pages are");

  const { rows } = await client.query("select app_private.sealed_signature_link($1) as sealed", [row]);
  const sealed = rows[0]?.sealed as Buffer | null;
  if (!sealed) throw new Error("the link ended while its message was about to leave");
  const place = { table: "app_public.signature_links", column: "sealed_token", row };
  const token = await secrets.open(message.organization_id, place, sealed);
  return { ...message, link: { name: "signingUrl", url: `${publicUrl}/sign#${token.toString("latin1")}` } };
}

/** The chain of the form says that its link went out. */
export async function recordLinkSent(message: ClaimedMessage, client: PoolClient): Promise<void> {
  const link = signatureLinkIn(message);
  if (link)
    await client.query("select app_private.record_signature_link_sent($1, $2)", [link, message.channel]);
}
