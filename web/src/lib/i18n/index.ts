export { language, TAG, type Lang, type Text } from './language.svelte';
export { messages, pick, fillIn, type Catalogue, type Translate } from './messages';
