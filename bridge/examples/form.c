/* A form with validation: what is wrong stands below the fields, and Save waits until nothing is. */
#include <bulkhead/qt.h>
#include <stdio.h>
#include <string.h>

static struct {
    bh_object *window, *name, *mail, *age, *news, *problem, *save;
} ui;

static const char *what_is_wrong(const char *name, const char *mail, int age)
{
    const char *at = strchr(mail, '@');
    if (!name[0])
        return "Please enter a name.";
    if (!at || at == mail || !strchr(at, '.'))
        return "Please enter an e-mail address, such as ada@example.org.";
    return age < 18 ? "You have to be 18 or older." : "";
}

static void validate(void *user)
{
    (void)user;
    char *name = NULL, *mail = NULL;
    int age = 0;
    if (!bh_get_string(ui.name, "text", &name) && !bh_get_string(ui.mail, "text", &mail) && !bh_get_int(ui.age, "value", &age)) {
        const char *problem = what_is_wrong(name, mail, age);
        bh_set_string(ui.problem, "text", problem);
        bh_set_bool(ui.save, "enabled", !problem[0]);
    }
    bh_free(name);
    bh_free(mail);
}

static void on_save(void *user)
{
    (void)user;
    char *name = NULL;
    char text[200];
    if (bh_get_string(ui.name, "text", &name))
        return;
    snprintf(text, sizeof text, "%s has been saved.", name);
    bh_message_box(ui.window, BH_MESSAGE_INFORMATION, "Saved", text, BH_BUTTON_OK, NULL, NULL);
    bh_free(name);
}

static bh_object *add_field(bh_object *form, const char *class_name, const char *label)
{
    bh_object *field = bh_create(class_name, ui.window);
    bh_form_add_row(form, label, field);
    return field;
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    ui.window = bh_create("QWidget", NULL);
    bh_set_string(ui.window, "windowTitle", "Sign up");
    bh_object *form = bh_create("QFormLayout", ui.window);
    ui.name = add_field(form, "QLineEdit", "&Name");
    ui.mail = add_field(form, "QLineEdit", "&E-mail");
    ui.age = add_field(form, "QSpinBox", "&Age");
    ui.news = add_field(form, "QCheckBox", NULL);
    ui.problem = add_field(form, "QLabel", NULL);
    ui.save = add_field(form, "QPushButton", NULL);
    bh_set_string(ui.news, "text", "Send me &news");
    bh_set_string(ui.save, "text", "&Save");
    bh_connect(ui.name, "textChanged", BH_CALLBACK(validate), NULL, NULL);
    bh_connect(ui.mail, "textChanged", BH_CALLBACK(validate), NULL, NULL);
    bh_connect(ui.age, "valueChanged(int)", BH_CALLBACK(validate), NULL, NULL);
    bh_connect(ui.save, "clicked", BH_CALLBACK(on_save), NULL, NULL);
    validate(NULL);
    bh_call(ui.window, "show");
    return bh_app_exec();
}
