-- Written when an address is written to again, and never changed: audited, with who did it and why. FND-35, FND-08.

select app_private.classify('app_private.lifted_suppressions', home => 'clinic', retention => 'clinic', classes =>
  '{"pii_basic": ["address", "because"],
    "operational": ["id", "organization_id", "channel", "reason", "since", "lifted_by", "lifted_at"]}');
select app_private.protect('app_private.lifted_suppressions', engine => 'select, insert');
