import { createTheme, type MantineColorsTuple } from '@mantine/core';

const green: MantineColorsTuple = ['#e9f7f0', '#d2ede0', '#a6dcc3', '#75caa4', '#4cba89', '#2fa877', '#1d8d62', '#12664c', '#0d5640', '#073f2e'];
/** Grays with a breath of green, so that surfaces sit beside the accent. */
const dark: MantineColorsTuple = ['#e7ece9', '#c3ccc7', '#a2aea7', '#7f8c85', '#4a5751', '#35413c', '#222d29', '#18211e', '#111916', '#0b110f'];
const gray: MantineColorsTuple = ['#f8f8f5', '#f1f1ec', '#e6e7e0', '#d8d9d0', '#bfc3b9', '#97a099', '#6a746e', '#525d57', '#35403b', '#15201c'];

export const theme = createTheme({
  colors: { green, dark, gray },
  primaryColor: 'green',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.4,
  white: '#ffffff',
  black: '#15201c',
  fontFamily: '"Inter", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, events: { hover: true, focus: true, touch: false } } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } }, overlayProps: { backgroundOpacity: 0.4, blur: 2 }, transitionProps: { duration: 120 } } },
    // A menu holds items and nothing else: the placeholder for the first focus would be a child that is none.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'lg', position: 'bottom-end', transitionProps: { duration: 90 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});
