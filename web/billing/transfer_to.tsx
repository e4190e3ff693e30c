import { useTexts } from "../components/texts.ts";
import type { BankAccountFragment } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";

/** Four by four, as people read and copy an IBAN. */
const spaced = (iban: string) => iban.replace(/(.{4})(?=.)/g, "$1 ");

/** Where money by bank transfer goes, of a currency; what to write beside it, where it is for one invoice. */
export function TransferTo({
  accounts,
  currency,
  reference,
}: {
  accounts: readonly BankAccountFragment[];
  currency: string;
  reference?: string;
}) {
  const say = useTexts(billingTexts);
  const account = accounts.find((one) => one.currency === currency);
  if (!account) return <p>{say("by_transfer_unset")}</p>;
  return (
    <dl class="facts">
      <dt>{say("account_holder")}</dt>
      <dd>{account.holder}</dd>
      <dt>IBAN</dt>
      <dd>{spaced(account.iban)}</dd>
      <dt>{say("account_bank")}</dt>
      <dd>{account.bic ? `${account.bank}, BIC ${account.bic}` : account.bank}</dd>
      <dt>{say("account_currency")}</dt>
      <dd>{account.currency}</dd>
      {reference && (
        <>
          <dt>{say("account_reference")}</dt>
          <dd>{reference}</dd>
        </>
      )}
    </dl>
  );
}
