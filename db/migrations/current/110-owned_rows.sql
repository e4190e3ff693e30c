-- Which rows of which tables db/reference owns, so that they are edited there and nowhere else.

-- squawk-ignore ban-drop-table
drop table if exists app_private.owned_rows;
create table app_private.owned_rows (
  table_name text not null,
  scope jsonb not null,
  columns text[] not null,
  given_once text[] not null,
  pending jsonb,
  constraint owned_rows_pkey primary key (table_name, scope),
  constraint owned_rows_scope_is_an_object check (jsonb_typeof(scope) = 'object'),
  constraint owned_rows_pending_is_an_array check (jsonb_typeof(pending) = 'array')
);
comment on table app_private.owned_rows is
  'Every call of own_rows(): the table and the part of it whose rows a file of db/reference owns.';
comment on column app_private.owned_rows.scope is
  'The columns and values that make the part, {"entity": "appointments"}; {} is the whole table.';
comment on column app_private.owned_rows.columns is 'The columns that the file gives, besides those of the scope.';
comment on column app_private.owned_rows.given_once is
  'Columns that the file gives a new row only: afterwards somebody else sets them.';
comment on column app_private.owned_rows.pending is 'The rows of the file until write_owned_rows() has written them.';

-- What a clinic or a person chose would go silently with the row that the product no longer has. The keys hold it now.
alter table app_public.role_permissions drop constraint if exists role_permissions_permission_fkey;
alter table app_public.role_permissions
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint role_permissions_permission_fkey foreign key (permission)
    references app_public.permissions (name) on delete restrict;
alter table app_public.notification_preferences drop constraint if exists notification_preferences_topic_fkey;
alter table app_public.notification_preferences
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint notification_preferences_topic_fkey foreign key (topic)
    references app_public.message_topics (key) on delete restrict;

-- A row of one file never goes with a row of another, without a word: the other file would still say it is there.
alter table app_public.system_role_permissions
  drop constraint if exists system_role_permissions_role_key_fkey,
  drop constraint if exists system_role_permissions_permission_fkey;
alter table app_public.system_role_permissions
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint system_role_permissions_role_key_fkey foreign key (role_key)
    references app_public.system_roles (key) on delete restrict,
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint system_role_permissions_permission_fkey foreign key (permission)
    references app_public.permissions (name) on delete restrict;
alter table app_private.event_subscriptions drop constraint if exists event_subscriptions_consumer_fkey;
alter table app_private.event_subscriptions
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint event_subscriptions_consumer_fkey foreign key (consumer)
    references app_private.event_consumers (name) on delete restrict;
alter table app_private.file_surface_types drop constraint if exists file_surface_types_surface_fkey;
alter table app_private.file_surface_types
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint file_surface_types_surface_fkey foreign key (surface)
    references app_private.file_surfaces (key) on delete restrict;
alter table app_private.message_channels drop constraint if exists message_channels_template_key_fkey;
alter table app_private.message_channels
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint message_channels_template_key_fkey foreign key (template_key)
    references app_private.message_types (key) on delete restrict;

-- Whoever may make a move is somebody with a permission that exists.
alter table app_private.state_transitions drop constraint if exists state_transitions_permission_exists;
alter table app_private.state_transitions
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint state_transitions_permission_exists foreign key (permission)
    references app_public.permissions (name) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists state_transitions_permission_idx on app_private.state_transitions (permission);
