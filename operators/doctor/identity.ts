import { request } from "../../providers/outbound/index.ts";
import { readIssuerConfig } from "../../server/identity/settings.ts";
import { broken, type Examination, ok, warning } from "./finding.ts";

/** Whether sign-ins can be verified (FND-03, FND-28). */
export const identity: Examination = {
  name: "identity",
  async examine({ env, production }) {
    const { identity: source } = readIssuerConfig(env);
    if (source.source === "dev_issuer") {
      return [
        (production ? broken : warning)(
          "tokens of this machine are accepted",
          "For real people, set CLERK_JWT_KEY, CLERK_ISSUER and AUTHORIZED_PARTIES.",
        ),
      ];
    }
    if (source.pem) return [ok(`tokens of ${source.issuer}, by a fixed key`)];
    const published = await request(source.jwksUrl ?? "", {
      reach: "anywhere",
      timeoutMs: 5_000,
      longest: 256 * 1024,
    })
      .then(({ body }) => JSON.parse(body.toString("utf8")) as { keys?: unknown[] })
      .catch(() => null);
    return [
      published?.keys?.length
        ? ok(`tokens of ${source.issuer}, by its ${published.keys.length} published keys`)
        : broken(
            "the identity provider's keys cannot be fetched",
            "Look at CLERK_JWKS_URL, and whether this machine reaches it and knows the authority of its certificate.",
          ),
    ];
  },
};
