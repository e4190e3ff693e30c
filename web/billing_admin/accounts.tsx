import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { Asked } from "../billing/asked.tsx";
import { TransferTo } from "../billing/transfer_to.tsx";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  type BankAccountFragment,
  PlatformBankAccountsDocument,
  SetPlatformBankAccountDocument,
} from "../documents/generated/operations.ts";
import type { Schema } from "../schema_form/schema.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";

const text = (title: string, ro: string, maxLength: number): Schema => ({
  type: "string",
  title,
  "x-title-ro": ro,
  maxLength,
});

const accountSchema: Schema = {
  type: "object",
  required: ["currency", "holder", "iban", "bank"],
  properties: {
    currency: text("Currency", "Moneda", 3),
    holder: text("Account holder", "Titularul contului", 200),
    iban: text("IBAN", "IBAN", 50),
    bank: text("Bank", "Banca", 200),
    bic: text("BIC", "BIC", 11),
  },
};

/** Where clinics pay by bank transfer: an account for each currency. BIL-07. */
export function Accounts({ client, onBack }: { client: Client; onBack(): void }) {
  const say = useTexts(billingAdminTexts);
  const [accounts, setAccounts] = useState<readonly BankAccountFragment[] | null>(null);
  const [edited, setEdited] = useState<Partial<BankAccountFragment> | null>(null);
  const [isSaved, setSaved] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setAccounts((await client.ask(PlatformBankAccountsDocument, {})).platformBankAccounts.nodes);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);
  const edit = (account: Partial<BankAccountFragment>) => {
    setSaved(false);
    setEdited(account);
  };
  return (
    <>
      <StepHeading>{say("accounts")}</StepHeading>
      <p>{say("accounts_words")}</p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!accounts && !failure && <Waiting>{say("loading")}</Waiting>}
      <p role="status">{isSaved && say("told_account")}</p>
      {edited && (
        <Asked
          name={edited.currency ? say("account", { currency: edited.currency }) : say("new_account")}
          schema={accountSchema}
          values={Object.fromEntries(Object.entries(edited).filter(([, value]) => value !== null))}
          go={say("account_go")}
          onGo={async ({ currency, holder, iban, bank, bic }) => {
            await client.ask(SetPlatformBankAccountDocument, {
              input: {
                currency: String(currency ?? "").toUpperCase(),
                holder: String(holder ?? ""),
                iban: String(iban ?? ""),
                bank: String(bank ?? ""),
                bic: bic ? String(bic) : null,
              },
            });
            await load();
            setEdited(null);
            setSaved(true);
          }}
          onCancel={() => setEdited(null)}
        />
      )}
      {accounts && !edited && (
        <>
          {accounts.length === 0 && <p>{say("no_accounts")}</p>}
          {accounts.map((account) => (
            <section key={account.currency} aria-label={say("account", { currency: account.currency })}>
              <h2>{say("account", { currency: account.currency })}</h2>
              <TransferTo accounts={accounts} currency={account.currency} />
              <p class="actions">
                <button type="button" onClick={() => edit(account)}>
                  {say("edit_account")}
                </button>
              </p>
            </section>
          ))}
          <p class="actions">
            <button type="button" onClick={() => edit({})}>
              {say("new_account")}
            </button>
          </p>
        </>
      )}
      <p class="actions">
        <button type="button" onClick={onBack}>
          {say("back")}
        </button>
      </p>
    </>
  );
}
