import { messages } from '../messages';

/** Sign-up and one's own account. */
export const account = messages({
  signUpTitle: { zh: '注册竞买人账号', en: 'Make a bidder’s account' },
  signUpLead: {
    zh: '注册后可以浏览、报名和出价。村集体、审核和监督的账号由管理员开设。',
    en: 'With it you can register for lots and bid. Accounts for collectives, reviewers and supervisors are made by an administrator.'
  },
  username: { zh: '账号', en: 'Account' },
  usernameHint: {
    zh: '3–32 位小写字母、数字、点、横线或下划线，以字母或数字开头；也可以用手机号。',
    en: '3–32 of a–z, 0–9, dot, dash or underscore, beginning with a letter or digit; or a mobile number of mainland China.'
  },
  displayName: { zh: '称呼', en: 'Name to greet you by' },
  displayNameHint: { zh: '只有您自己看到全名；对他人显示时会遮盖。', en: 'Only you see it whole; others see it masked.' },
  password: { zh: '密码', en: 'Password' },
  newPassword: { zh: '新密码', en: 'New password' },
  passwordHint: { zh: '至少 10 位，不要用常见密码。', en: 'At least 10 characters, and not a common one.' },
  currentPassword: { zh: '现在的密码', en: 'Password until now' },
  signUp: { zh: '注册', en: 'Make the account' },
  signedUp: { zh: '账号已开设，请登录。', en: 'The account is made. Please sign in.' },
  haveOne: { zh: '已有账号？', en: 'Have an account?' },
  missing: { zh: '请填写。', en: 'Please fill this in.' },

  meTitle: { zh: '我的账号', en: 'My account' },
  roles: { zh: '角色', en: 'Roles' },
  everywhere: { zh: '全部地区', en: 'everywhere' },
  region: { zh: '地区代码 {code}', en: 'region {code}' },
  noRoles: { zh: '没有角色', en: 'none' },
  mustChange: { zh: '请先修改密码', en: 'Please change your password first' },
  mustChangeText: {
    zh: '现在的密码由管理员设定。修改后您的角色才生效。',
    en: 'An administrator chose the password. Your roles count once you have changed it.'
  },
  changeTitle: { zh: '修改密码', en: 'Change the password' },
  change: { zh: '修改密码', en: 'Change the password' },
  changed: { zh: '密码已修改，其他登录已退出。', en: 'The password is changed; your other sessions have ended.' },
  sessionsTitle: { zh: '登录记录', en: 'Sessions' },
  opened: { zh: '登录时间', en: 'Signed in' },
  lastUsed: { zh: '最近使用', en: 'Last used' },
  from: { zh: '来自', en: 'From' },
  thisOne: { zh: '当前', en: 'this one' },
  end: { zh: '退出', en: 'End' },
  ended: { zh: '该登录已退出。', en: 'That session has ended.' },
  needSignIn: { zh: '请先登录', en: 'Please sign in first' },
  needSignInText: { zh: '这一页只对登录的人显示。', en: 'This page is for those who are signed in.' }
});
