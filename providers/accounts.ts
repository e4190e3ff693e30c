import type { ResolvedProvider } from "./resolve.ts";
import { type BucketProblem, tryBucket } from "./storage/try_bucket.ts";
import { type AccountProblem, tryMessageAccount } from "./try_account.ts";

/** A clinic's own account at a vendor, its keys in the clear. */
export type VendorAccount = Pick<ResolvedProvider, "provider" | "settings"> & {
  credentials: Record<string, string>;
};

/** Asks the vendor, cheaply, whether it takes the account: null is well, else a word that says what is wrong. */
export type TryAccount = (account: VendorAccount) => Promise<AccountProblem | BucketProblem | null>;

/** Where each vendor is tried (FND-23). One that no adapter serves yet is "no_adapter". */
export function accountTrials(env: NodeJS.ProcessEnv): TryAccount {
  return (account) => (account.provider === "s3" ? tryBucket(env, account) : tryMessageAccount(env, account));
}
