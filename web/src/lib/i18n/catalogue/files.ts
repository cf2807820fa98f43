import { messages } from '../messages';

/** Choosing evidence files. */
export const files = messages({
  choose: { zh: '选择文件', en: 'Choose a file' },
  orDrop: { zh: '或拖放到这里', en: 'or drop it here' },
  limits: { zh: '支持 {kinds}，单个不超过 {size}', en: '{kinds}; at most {size} each' },
  anyKind: { zh: '任意格式', en: 'Any kind' },
  hashing: { zh: '正在计算摘要', en: 'Computing the digest' },
  digest: { zh: 'SHA-256 摘要', en: 'SHA-256 digest' },
  noDigest: { zh: '此连接未加密，浏览器无法计算摘要；上传后由服务器给出。', en: 'The connection is not encrypted, so the browser can’t compute the digest; the server will give it.' },
  tooLarge: { zh: '“{name}”超过 {size}，未加入。', en: '“{name}” is larger than {size} and was left out.' },
  wrongKind: { zh: '“{name}”的格式不受支持，未加入。', en: '“{name}” is of an unsupported kind and was left out.' },
  unreadable: { zh: '“{name}”无法读取，未加入。', en: '“{name}” can’t be read and was left out.' },
  empty: { zh: '“{name}”是空文件，未加入。', en: '“{name}” is empty and was left out.' },
  remove: { zh: '移除 {name}', en: 'Remove {name}' }
});
