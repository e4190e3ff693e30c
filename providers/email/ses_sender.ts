import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  NotFoundException,
  type SESv2Client,
  SESv2ServiceException,
} from "@aws-sdk/client-sesv2";
import type { SenderProblem } from "./port.ts";

/**
 * Whether SES lets this address send (FND-15): it, its domain or a domain above is a verified identity, and
 * the account may write to the world. Null when all is well.
 */
export async function senderProblem(client: SESv2Client, from: string): Promise<SenderProblem | null> {
  try {
    const { SendingEnabled, ProductionAccessEnabled } = await client.send(new GetAccountCommand({}));
    if (SendingEnabled === false) {
      const advice = "SES has paused this account: see its reputation page, and ask AWS to resume sending.";
      return { reason: "sending_not_allowed", advice };
    }

    const domain = from.slice(from.lastIndexOf("@") + 1);
    const identities = [from, ...domainAndAbove(domain)];
    const states = await Promise.all(identities.map((identity) => stateOf(client, identity)));
    if (!states.includes("verified")) {
      const advice = states.includes("pending")
        ? `SES has not verified ${domain} yet: publish the DNS records it shows for this identity.`
        : `SES does not know ${domain}: add it as an identity in this region, and publish its DNS records.`;
      return { reason: "sender_not_verified", advice };
    }
    if (ProductionAccessEnabled === false) {
      const advice =
        "SES keeps this account in its sandbox, where only verified addresses get mail: ask AWS for production access.";
      return { reason: "sending_not_allowed", advice };
    }
    return null;
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    return {
      reason: error instanceof SESv2ServiceException ? "credentials_refused" : "unreachable",
      advice: `SES cannot be asked about the sender (${name}): check the credentials and allow ses:GetAccount and ses:GetEmailIdentity.`,
    };
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
