/** Keeps people from losing what they typed: asks before the page is left while `unsaved` says so. Call it while a component is made. */
import { beforeNavigate } from '$app/navigation';
import { work as t } from '../i18n/catalogue/work';

export function askBeforeLeaving(unsaved: () => boolean): void {
  beforeNavigate((navigation) => {
    if (navigation.willUnload || !unsaved()) return;
    if (!confirm(t('leave'))) navigation.cancel();
  });
  $effect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (unsaved()) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  });
}
