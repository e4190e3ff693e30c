-- Writes the postings of a document: debits above zero, credits below. They sum to zero. BIL-02.

create or replace function app_private.post(document_kind text, document_id uuid, organization_id uuid, currency text, entries jsonb)
returns void
language sql volatile
set search_path = ''
as $$
  insert into app_private.postings (organization_id, document_kind, document_id, account, currency, amount, posted_at)
  select post.organization_id, post.document_kind, post.document_id, entry.key, post.currency, entry.value::bigint, app_hidden.now()
  from jsonb_each_text(post.entries) as entry
  where entry.value::bigint <> 0
$$;

comment on function app_private.post is
  'Writes the postings of a document: entries are amounts by account, such as {"receivable": 11900, "plan_revenue": -10000, "tax": -1900}.';
grant execute on function app_private.post to app_engine;
