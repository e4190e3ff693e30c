import type { Pool } from "pg";
import type { TryAccount } from "../../providers/accounts.ts";
import type { Secrets } from "../../secrets/index.ts";

/** What integrations are saved and tried with. */
export type IntegrationParts = { pool: Pool; secrets: Secrets; tryAccount: TryAccount };
