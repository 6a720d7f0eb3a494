//! The catalogue of the window's commands: the one list from which TypeScript's calls are made.

/// Calls `$each!` once with every command as `name: Request => Response`; `()` stands for none.
#[macro_export]
macro_rules! for_each_command {
    ($each:ident) => {
        $each! {
            // What the shell itself answers.
            app_info: () => AppInfo,
            get_preferences: () => Preferences,
            put_preferences: Preferences => Preferences,
            cancel_job: CancelJobRequest => (),
            current_session: () => CurrentSessionResponse,
            lock_vault: () => (),
            keep_awake: () => (),
            take_opening: () => TakeOpeningResponse,

            // Vaults.
            check_passphrase: CheckPassphraseRequest => PassphraseStrength,
            vault_status: VaultPathRequest => VaultStatus,
            create_vault: CreateVaultRequest => SessionView,
            unlock_vault: UnlockVaultRequest => SessionView,
            run_due: () => RunDueResponse,
            overview: () => OverviewResponse,

            // Keys.
            catalogue: () => CatalogueResponse,
            counts: () => CountsView,
            list_keys: KeyListRequest => KeyListResponse,
            show_key: KeyRequest => KeyResponse,
            distribution: DistributionRequest => DistributionResponse,
            note_roll_out: NoteRollOutRequest => DistributionResponse,
            create_key: CreateKeyRequest => KeyResponse,
            create_keys: CreateKeyRequest => CreateKeysResponse,
            rotate_key: ChangeKeyRequest => KeyResponse,
            activate_key: ChangeKeyRequest => KeyResponse,
            suspend_key: ChangeKeyRequest => KeyResponse,
            resume_key: ResumeKeyRequest => KeyResponse,
            deactivate_key: ChangeKeyRequest => KeyResponse,
            revoke_key: RevokeKeyRequest => KeyResponse,
            destroy_key: DestroyKeyRequest => KeyResponse,
            cancel_destroy_key: ChangeKeyRequest => KeyResponse,
            rename_key: RenameKeyRequest => KeyResponse,
            edit_key: EditKeyRequest => KeyResponse,
            bulk_change: BulkChangeRequest => BulkChangeResponse,
            public_key: PublicKeyRequest => PublicKeyResponse,
            export_key: ExportKeyRequest => ExportKeyResponse,
            key_services: KeyServicesRequest => KeyServicesResponse,
            bring_key: ByokRequest => ByokResponse,
            stage_import: ExamineRequest => ExamineResponse,
            examine_files: ExamineRequest => ExamineResponse,
            unlock_import: UnlockImportRequest => UnlockImportResponse,
            import_keys: ImportKeysRequest => ImportKeysResponse,
            discard_import: () => (),

            // Certificates.
            request_certificate: CertificateWish => CertificateRequestResponse,
            self_sign: SelfSignKeyRequest => CertificateResponse,
            issue_certificate: IssueCertificateRequest => CertificateResponse,
            issue_ssh_certificate: IssueSshCertificateRequest => SshCertificateResponse,
            list_ssh_certificates: SshCertificateListRequest => SshCertificateListResponse,
            write_krl: WriteKrlRequest => WriteKrlResponse,
            list_certificates: CertificateListRequest => CertificateListResponse,
            show_certificate: CertificateRequest => CertificateDetailResponse,
            import_certificates: ImportCertificatesRequest => ImportCertificatesResponse,
            export_certificate: ExportCertificateRequest => ExportCertificateResponse,
            edit_certificate: EditCertificateRequest => KeptCertificateView,
            remove_certificate: RemoveCertificateRequest => KeptCertificateView,
            renew_certificate: RenewCertificateRequest => CertificateResponse,
            revoke_certificate: RevokeCertificateRequest => KeptCertificateView,
            write_crl: WriteCrlRequest => WriteCrlResponse,

            // Public keys that are kept alone.
            list_known_keys: KnownKeyListRequest => KnownKeyListResponse,
            show_known_key: KnownKeyRequest => KnownKeyView,
            edit_known_key: EditKnownKeyRequest => KnownKeyView,
            remove_known_key: RemoveKnownKeyRequest => KnownKeyView,

            // The audit log.
            list_events: EventListRequest => EventListResponse,
            verify_audit: JobRequest => AuditVerifyResponse,
            export_audit: AuditExportRequest => AuditExportResponse,
            prove_audit: AuditProveRequest => AuditProveResponse,
            export_inventory: InventoryRequest => InventoryResponse,

            // Backups.
            list_backups: () => BackupListResponse,
            create_backup: CreateBackupRequest => CreateBackupResponse,
            verify_backup: VerifyBackupRequest => VerifyBackupResponse,
            examine_identity: IdentityFileRequest => IdentityFileResponse,
            restore_backup: RestoreBackupRequest => RestoreBackupResponse,

            // Cards.
            watch_cards: WatchCardsRequest => CardSightView,
            unwatch_cards: () => (),
            cancel_waiting: () => (),
            make_card_key: MakeCardKeyRequest => MakeCardKeyResponse,

            // Slots.
            list_slots: () => SlotListResponse,
            add_slot: AddSlotRequest => SlotResponse,
            make_recovery: MakeRecoveryRequest => RecoverySheetResponse,
            rename_slot: RenameSlotRequest => SlotResponse,
            change_passphrase: ChangePassphraseRequest => SlotResponse,
            remove_slot: RemoveSlotRequest => RemoveSlotResponse,
            slot_costs: () => SlotCostsResponse,
            recalibrate_slot: RecalibrateSlotRequest => RecalibrateSlotResponse,
            rotate_material_key: RotateMaterialKeyRequest => RotateMaterialKeyResponse,
            test_slot: TestSlotRequest => SlotResponse,
        }
    };
}
