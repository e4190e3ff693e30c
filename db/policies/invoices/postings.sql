-- What documents move between accounts; nobody but the verbs sees it. Append-only, for every role; that those of a
-- document sum to zero is held by the trigger _800_balance, which stands with the table. BIL-02.

select app_private.classify('app_private.postings', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "document_kind", "document_id", "account", "currency", "amount", "posted_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_private.postings', engine => 'select, insert');

create or replace trigger _200_frozen before update or delete or truncate on app_private.postings
  for each statement execute function app_private.tg_frozen();
