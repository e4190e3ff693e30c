-- What a document moves between accounts. BIL-02.

create or replace function app_private.post(
  document_kind text, document_id uuid, organization_id uuid, currency text, entries jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_private.postings (organization_id, document_kind, document_id, account, currency, amount, posted_at)
  select post.organization_id, post.document_kind, post.document_id, entry.account, post.currency, entry.amount::bigint, app_hidden.now()
  from jsonb_each_text(post.entries) as entry (account, amount)
  where entry.amount::bigint <> 0;
end;
$$;

comment on function app_private.post is
  'Posts amounts by account, in minor units, debits positive: {"receivable": 1000, "plan_revenue": -1000}. What a document posts sums '
  'to zero when the transaction ends, or the transaction does not end well.';
grant execute on function app_private.post to app_engine;
