/* The colours of all widgets: the system's, or one of two palettes of our own. */
#include "base/status.h"
#include "core/object.h"

#include <bulkhead/app.h>

/* QPalette::ColorRole. */
enum {
    WINDOW_TEXT = 0,
    TEXT = 6,
    BUTTON_TEXT = 8,
    HIGHLIGHT = 12,
    HIGHLIGHTED_TEXT = 13,
    LINK = 14,
    ALTERNATE_BASE = 16,
    TOOL_TIP_BASE = 18,
    TOOL_TIP_TEXT = 19,
    PLACEHOLDER_TEXT = 20
};

#define COLOR(red, green, blue) \
    {                           \
        red, green, blue, 255   \
    }

static const bhs_palette light = {.window = COLOR(244, 245, 246),
                                  .base = COLOR(255, 255, 255),
                                  .button = COLOR(236, 238, 240),
                                  .text = COLOR(28, 31, 35),
                                  .light = COLOR(250, 252, 254),
                                  .dark = COLOR(175, 176, 178),
                                  .mid = COLOR(200, 202, 203),
                                  .others = {{HIGHLIGHT, false, COLOR(28, 104, 184)},
                                             {HIGHLIGHTED_TEXT, false, COLOR(255, 255, 255)},
                                             {ALTERNATE_BASE, false, COLOR(247, 248, 250)},
                                             {TOOL_TIP_BASE, false, COLOR(255, 255, 255)},
                                             {TOOL_TIP_TEXT, false, COLOR(28, 31, 35)},
                                             {PLACEHOLDER_TEXT, false, COLOR(140, 146, 153)},
                                             {LINK, false, COLOR(28, 104, 184)},
                                             {WINDOW_TEXT, true, COLOR(140, 146, 153)},
                                             {TEXT, true, COLOR(140, 146, 153)},
                                             {BUTTON_TEXT, true, COLOR(140, 146, 153)},
                                             {HIGHLIGHT, true, COLOR(211, 212, 214)}}};

static const bhs_palette dark = {.window = COLOR(37, 39, 42),
                                 .base = COLOR(27, 29, 31),
                                 .button = COLOR(52, 55, 59),
                                 .text = COLOR(228, 230, 233),
                                 .light = COLOR(70, 74, 80),
                                 .dark = COLOR(32, 34, 37),
                                 .mid = COLOR(45, 48, 51),
                                 .others = {{HIGHLIGHT, false, COLOR(62, 130, 205)},
                                            {HIGHLIGHTED_TEXT, false, COLOR(255, 255, 255)},
                                            {ALTERNATE_BASE, false, COLOR(33, 35, 38)},
                                            {TOOL_TIP_BASE, false, COLOR(52, 55, 59)},
                                            {TOOL_TIP_TEXT, false, COLOR(228, 230, 233)},
                                            {PLACEHOLDER_TEXT, false, COLOR(125, 130, 137)},
                                            {LINK, false, COLOR(110, 170, 235)},
                                            {WINDOW_TEXT, true, COLOR(125, 130, 137)},
                                            {TEXT, true, COLOR(125, 130, 137)},
                                            {BUTTON_TEXT, true, COLOR(125, 130, 137)},
                                            {HIGHLIGHT, true, COLOR(52, 55, 59)}}};

bh_status(bh_app_set_color_scheme)(bh_color_scheme scheme)
{
    static const char call[] = "bh_app_set_color_scheme";
    static const bhs_palette *const palettes[] = {
        [BH_COLORS_SYSTEM] = NULL, [BH_COLORS_LIGHT] = &light, [BH_COLORS_DARK] = &dark};
    if (bh__refuse_off_gui(call))
        return bh__last_status();
    if ((unsigned)scheme > BH_COLORS_DARK)
        return bh__fail(BH_ERROR_RANGE, call, "scheme %d is none: pass BH_COLORS_SYSTEM, _LIGHT or _DARK", (int)scheme);
    if (bhs_app_set_colors(palettes[scheme] ? "Fusion" : NULL, palettes[scheme]) == BH_OK)
        return BH_OK;
    return bh__fail(BH_ERROR_EXCEPTION, call, "Qt threw a C++ exception: %s", bhs_exception_text());
}
