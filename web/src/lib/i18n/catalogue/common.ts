import { messages } from '../messages';

/** Words that components on many pages share. */
export const common = messages({
  required: { zh: '必填', en: 'required' },
  optional: { zh: '选填', en: 'optional' },
  choose: { zh: '请选择', en: 'Choose' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  confirm: { zh: '确认', en: 'Confirm' },
  retry: { zh: '重试', en: 'Try again' },
  more: { zh: '显示更多', en: 'Show more' },
  loading: { zh: '正在加载', en: 'Loading' },
  shown: { zh: '已显示 {n} 条', en: 'Shown: {n}' },
  allShown: { zh: '已全部显示，共 {n} 条', en: 'All shown: {n}' },
  copy: { zh: '复制', en: 'Copy' },
  copied: { zh: '已复制', en: 'Copied' },
  print: { zh: '打印', en: 'Print' },
  beijingTime: { zh: '北京时间', en: 'Beijing time' },
  dismiss: { zh: '关闭这条消息', en: 'Dismiss this message' },
  ended: { zh: '已结束', en: 'Ended' },
  left: { zh: '剩余 {time}', en: '{time} left' },
  otherLanguage: { zh: 'English', en: 'Chinese text' },
  unknown: { zh: '未知', en: 'unknown' }
});
