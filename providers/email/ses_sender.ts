import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  NotFoundException,
  type SESv2Client,
} from "@aws-sdk/client-sesv2";

/**
 * Whether SES lets this address send (FND-15): it, its domain or a domain above is a verified identity, and
 * the account may write to the world. One sentence on what to mend; null when all is well.
 */
export async function senderProblem(client: SESv2Client, from: string): Promise<string | null> {
  try {
    const { SendingEnabled, ProductionAccessEnabled } = await client.send(new GetAccountCommand({}));
    if (SendingEnabled === false)
      return "SES has paused this account: see its reputation page, and ask AWS to resume sending.";

    const domain = from.slice(from.lastIndexOf("@") + 1);
    const identities = [from, ...domainAndAbove(domain)];
    const states = await Promise.all(identities.map((identity) => stateOf(client, identity)));
    if (!states.includes("verified")) {
      return states.includes("pending")
        ? `SES has not verified ${domain} yet: publish the DNS records it shows for this identity.`
        : `SES does not know ${domain}: add it as an identity, in the region of SES_REGION, and publish its DNS records.`;
    }
    return ProductionAccessEnabled === false
      ? "SES keeps this account in its sandbox, where only verified addresses get mail: ask AWS for production access."
      : null;
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    return `SES cannot be asked about the sender (${name}): check the credentials and allow ses:GetAccount and ses:GetEmailIdentity.`;
  }
}

/** clinic.example.ro, then example.ro: a verified domain covers what is below it. */
function domainAndAbove(domain: string): string[] {
  const labels = domain.split(".");
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
}

async function stateOf(client: SESv2Client, identity: string): Promise<"verified" | "pending" | "unknown"> {
  try {
    const found = await client.send(new GetEmailIdentityCommand({ EmailIdentity: identity }));
    return found.VerifiedForSendingStatus ? "verified" : "pending";
  } catch (error) {
    if (error instanceof NotFoundException) return "unknown";
    throw error;
  }
}
