import type { PoolClient } from "pg";
import type { ClaimedMessage } from "../messages/message.ts";
import { issueToken } from "../secrets/links/token.ts";
import type { Outside } from "./task.ts";

type Ways = Pick<Outside, "secrets" | "linkKeys" | "publicUrl">;
type Link = { name: string; url: string };

/** The signature link that a message carries, if it carries one. */
function signatureLinkIn({ data }: ClaimedMessage): string | undefined {
  const id = (data as Record<string, unknown>).signatureLinkId;
  return typeof id === "string" ? id : undefined;
}

/**
 * The message with its links, as it leaves: neither the message nor its job holds a token. The token stands in the fragment of
 * the address, which browsers send to no server.
 */
export async function withLink(
  id: string,
  message: ClaimedMessage,
  client: PoolClient,
  ways: Ways,
): Promise<ClaimedMessage> {
  const { link_name: name, link_path: path } = message;
  const links: Link[] = [];
  // What a message says of a visit is worth more than the way to change it: where nobody said where our pages are, it has no link.
  if (name !== null && path !== null) links.push({ name, url: ways.publicUrl ? ways.publicUrl + path : "" });
  const toSign = signatureLinkIn(message);
  if (toSign) links.push({ name: "signingUrl", url: await signingUrl(toSign, message, client, ways) });
  const { asked } = message.data;
  if (typeof asked === "string")
    links.push({ name: "askedUrl", url: (await askedUrl(id, asked, message, client, ways)) ?? "" });
  return links.length ? { ...message, links } : message;
}

async function signingUrl(
  row: string,
  { organization_id }: ClaimedMessage,
  client: PoolClient,
  { secrets, publicUrl }: Ways,
): Promise<string> {
  if (!publicUrl) throw new Error("nobody said where our pages are");
  const { rows } = await client.query("select app_private.sealed_signature_link($1) as sealed", [row]);
  const sealed = rows[0]?.sealed as Buffer | null;
  if (!sealed) throw new Error("the link ended while its message was about to leave");
  const token = await secrets.open(organization_id, placeOf(row), sealed);
  return `${publicUrl}/sign#${token.toString("latin1")}`;
}

/** Where what an automation asked is done (AUT-02): the person's consents, or the form behind a link; nowhere without an account. */
async function askedUrl(
  id: string,
  asked: string,
  message: ClaimedMessage,
  client: PoolClient,
  ways: Ways,
): Promise<string | undefined> {
  // What is read in an account is answered there, and would keep the link.
  if (!ways.publicUrl || message.account_id !== null) return undefined;
  if (asked === "consents") return `${ways.publicUrl}/consents`;
  const { rows } = await client.query<LinkForMessage>("select * from app_private.link_for_message($1)", [id]);
  const link = rows[0];
  if (!link) return undefined;
  if (!link.is_open) {
    const { token, hash } = await issueToken(await ways.linkKeys(), "link", {
      linkId: link.link_id,
      formId: link.form_id,
      patientId: link.patient_id,
    });
    const sealed = await ways.secrets.seal(
      link.organization_id,
      placeOf(link.link_id),
      Buffer.from(token, "latin1"),
    );
    const kept = await client.query("select app_private.keep_link_for_message($1, $2, $3, $4) as kept", [
      id,
      link.link_id,
      hash,
      sealed,
    ]);
    if (!kept.rows[0]?.kept) throw new Error("another link was made for the form meanwhile");
  }
  return signingUrl(link.link_id, message, client, ways);
}

type LinkForMessage = {
  link_id: string;
  is_open: boolean;
  organization_id: string;
  form_id: string;
  patient_id: string;
};

const placeOf = (row: string) => ({ table: "app_public.signature_links", column: "sealed_token", row });

/** The chain of the form says that its link went out. */
export async function recordLinkSent(message: ClaimedMessage, client: PoolClient): Promise<void> {
  const link = signatureLinkIn(message);
  if (link)
    await client.query("select app_private.record_signature_link_sent($1, $2)", [link, message.channel]);
}
