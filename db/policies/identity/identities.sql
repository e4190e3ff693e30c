-- Which sign-in is which human: `sign_in` reads and makes it, the provider's events change it. FND-03, FND-25.

select app_private.classify('app_private.identities', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["subject", "principal_id", "provider_name", "provider_locale"],
    "operational": ["issuer", "linked_at", "provider_changed_at", "banned_at", "ended_at"]}',
  person_column => 'principal_id');
select app_private.protect('app_private.identities', engine => 'select, insert, update');
