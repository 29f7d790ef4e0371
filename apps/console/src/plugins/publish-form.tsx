import type { OwnPluginDto } from '@adiuva/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Check, TextArea, TextField } from '../ui/fields';
import { FormDialog } from '../ui/form-dialog';
import { faultOf } from '../ui/problem';
import { toast } from '../ui/toasts';
import { PERMISSIONS, type Permission } from './permissions';

/** A zip and its manifest, as a new plugin or as a version of one. */
export function PublishForm({
  plugin,
  onClose,
}: {
  readonly plugin?: OwnPluginDto;
  readonly onClose: () => void;
}): ReactNode {
  const { client, profile } = useUser();
  const cache = useQueryClient();
  const [zip, setZip] = useState<File>();
  const [manifest, setManifest] = useState({
    name: plugin?.name ?? '',
    description: plugin?.description ?? '',
    version: plugin ? '' : '1.0.0',
    author: plugin?.author ?? profile.name ?? '',
    category: plugin?.category ?? '',
    price: String((plugin?.price_cents ?? 0) / 100),
  });
  const [permissions, setPermissions] = useState<readonly Permission[]>(plugin?.permissions ?? []);
  const change = (part: Partial<typeof manifest>): void => setManifest({ ...manifest, ...part });
  const publish = useMutation({
    mutationFn: () => {
      const { price, ...words } = manifest;
      const body = { ...words, permissions: [...permissions], price_cents: Math.round(Number(price) * 100) };
      return client.plugins.publish(body, zip ?? new Blob(), plugin?.id);
    },
    onSuccess: async () => {
      toast(t('plugins.submitted'));
      await cache.invalidateQueries({ queryKey: ['plugins', 'mine'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={plugin ? t('plugins.newVersion') : t('plugins.publish')}
      submit={t('plugins.submit')}
      work={publish}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor="package">{t('plugins.zip')}</label>
        <input
          id="package"
          type="file"
          accept=".zip,application/zip"
          required
          onChange={(event) => setZip(event.target.files?.[0])}
        />
        <p className="hint">{t('plugins.zipHint')}</p>
      </div>
      <div className="columns">
        <TextField
          label={t('name')}
          required
          value={manifest.name}
          fault={faultOf(publish.error, 'name')}
          onValue={(name) => change({ name })}
        />
        <TextField
          label={t('plugins.version')}
          required
          placeholder="1.0.0"
          value={manifest.version}
          fault={faultOf(publish.error, 'version')}
          onValue={(version) => change({ version })}
        />
        <TextField
          label={t('plugins.author')}
          required
          value={manifest.author}
          onValue={(author) => change({ author })}
        />
        <TextField
          label={t('plugins.category')}
          required
          value={manifest.category}
          onValue={(category) => change({ category })}
        />
        <TextField
          label={t('plugins.priceEuro')}
          type="number"
          min={0}
          step="0.01"
          required
          value={manifest.price}
          onValue={(price) => change({ price })}
        />
      </div>
      <TextArea
        label={t('projects.description')}
        required
        value={manifest.description}
        onValue={(description) => change({ description })}
      />
      <fieldset>
        <legend>{t('plugins.permissions')}</legend>
        <div className="columns">
          {PERMISSIONS.map((permission) => (
            <Check
              key={permission}
              label={permission}
              checked={permissions.includes(permission)}
              onChecked={(isChecked) =>
                setPermissions(
                  isChecked ? [...permissions, permission] : permissions.filter((other) => other !== permission),
                )
              }
            />
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}
