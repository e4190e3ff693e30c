-- What stands in the object store besides files: each surface with its class and its retention. FND-12.

-- squawk-ignore ban-drop-table
drop table if exists app_private.object_surfaces cascade;

create table app_private.object_surfaces (
  key text primary key,
  prefix text not null,
  description text not null,
  class text not null references app_private.data_classes on delete restrict,
  retention text not null references app_private.retentions on delete restrict,
  constraint object_surfaces_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint object_surfaces_prefix_is_a_folder check (prefix ~ '^[a-z/-]+/$')
);
create unique index object_surfaces_prefix_is_unique on app_private.object_surfaces (prefix);
create index object_surfaces_class_idx on app_private.object_surfaces (class);
create index object_surfaces_retention_idx on app_private.object_surfaces (retention);
comment on table app_private.object_surfaces is
  'What processes keep in the object store, besides the files of file_surfaces: where, what it holds, and for how long.';
insert into app_private.object_surfaces (key, prefix, description, class, retention) values
  ('audit_anchors', 'audit/anchors/', 'Heads of the audit''s chains: numbers and hashes, nothing of anybody.', 'operational', 'ledger');

alter table audit.anchors add column if not exists surface text not null default 'audit_anchors';
alter table audit.anchors
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint anchors_are_a_surface foreign key (surface) references app_private.object_surfaces on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists anchors_surface_idx on audit.anchors (surface);
