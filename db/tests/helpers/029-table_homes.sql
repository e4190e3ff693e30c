-- Where the rows of every table are at home, which is what a clinic takes along when it moves to another server. SCA-01.
--   clinic    rows with organization_id (or scope_id) move with their clinic; those without are the platform's
--   person    rows of people move with the clinics that point at them, and may be in several places
--   platform  the same rows with the same ids on every server: they are compared
--   cell      what only this server knows: it never moves

create or replace view tests.table_homes as
select declared.name, declared.home from (values
  ('clinic', '{app_private.caregiver_evidence,app_private.clinic_suppressed_addresses,app_private.data_keys,
    app_private.event_deliveries,app_private.events,app_private.lifted_suppressions,app_private.opt_outs,
    app_private.patient_search,app_private.provider_organizations,app_private.specialist_assignment_tracking,
    app_private.time_claims,app_public.appointment_moves,app_public.appointment_transfers,app_public.appointments,
    app_public.booking_requests,app_public.calendar_hours,app_public.calendar_specialists,app_public.calendars,
    app_public.clinic_message_templates,app_public.files,app_public.inbox_items,app_public.invitation_roles,
    app_public.invitations,app_public.membership_roles,app_public.memberships,app_public.messages,
    app_public.organization_integrations,app_public.organization_service_providers,app_public.organizations,
    app_public.patient_merges,app_public.patients,app_public.role_permissions,app_public.roles,
    app_public.service_specialists,app_public.services,app_public.specialist_schedule_overrides,
    app_public.specialist_specialties,app_public.specialist_weekly_hours,app_public.specialists,app_public.specialties,
    app_public.whatsapp_templates,audit.entries,audit.heads,audit.seals}'),
  ('person', '{app_private.identities,app_public.caregivers,app_public.humans,app_public.notification_preferences,
    app_public.patient_profiles,app_public.principals,app_public.push_subscriptions,app_public.quiet_hours}'),
  ('platform', '{app_hidden.error_codes,app_hidden.phone_regions,app_private.channels,app_private.classified_columns,
    app_private.classified_tables,app_private.data_classes,app_private.event_consumers,app_private.event_subscriptions,
    app_private.event_types,app_private.file_surface_types,app_private.file_surfaces,app_private.file_types,
    app_private.legal_ages,app_private.message_channels,app_private.message_moves,app_private.message_templates,
    app_private.message_types,app_private.object_surfaces,app_private.retentions,app_private.soft_deletes,
    app_private.state_transitions,app_private.visitor_limits,app_public.message_topics,app_public.permissions,
    app_public.platform_service_providers,app_public.service_accounts,app_public.service_capabilities,
    app_public.service_providers,app_public.system_role_permissions,app_public.system_roles,app_public.time_zones}'),
  ('cell', '{app_private.dead_letter_decisions,app_private.effects,app_private.key_rotations,app_private.message_reports,
    app_private.remembered_mutations,app_private.revoked_sessions,app_private.spent_allowances,
    app_private.suppressed_addresses,app_private.webhook_receipts,app_private.worker_heartbeats,audit.anchored_heads,
    audit.anchors}')
) as homes (home, tables)
cross join lateral (select regexp_replace(t, '\s', '', 'g') as name, homes.home from unnest(homes.tables::text[]) t) as declared;
