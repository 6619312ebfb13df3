// The program that the pilot's own tests drive: a window with a bit of everything, and scenes in which a careless click goes wrong.
#ifndef PILOT_SUBJECT_H
#define PILOT_SUBJECT_H

#include <QHash>
#include <QMainWindow>
#include <QPointer>

class QLabel;
class QPushButton;

class Subject : public QMainWindow {
    Q_OBJECT
  public:
    Subject();

  public Q_SLOTS:
    // Sets a scene up, by its name
    void scene(const QString &name);

    // What a driver does that asks for existence only: events straight to the widget. Returns "sent", or "missing".
    QString naive(const QString &name);
    // One that keeps what it found, or where that was, and uses it later
    QString hold(const QString &name);
    QString naiveHeld();
    QString naiveWhereHeld();
    QString naiveText(const QString &name, const QString &text);

    // The button of the scene "recreated" gives way to another of its name
    void replaceSoon();

    // How often a button was clicked as Qt sees it
    int clicks(const QString &name) const;

    void crash();
    // Starts a process that leaves this one's group and is nobody's child; its id
    QString spawn();
    void warn();
    void block(int ms);
    void leave(int code);
    void leaveSoon();
    // When it ends, it is with a code that says something went wrong
    void endBadly();

  private:
    QPushButton *button(QWidget *parent, const QString &name, const QString &text);
    void say(const QString &text);
    void buildForm(QWidget *page);
    void buildViews(QWidget *page);
    void buildDrawing(QWidget *page);
    void buildMenus();
    void askModally();
    void coveredScene();
    void shyScene(QWidget *target);
    void movingScene();
    void scrolledScene();
    void recreatedScene();
    void windowsScene();
    void fieldsScene();
    void partsScene();
    void dialogsScene();
    void carelessScene();
    void closingScene();
    void manyScene();
    void openingScene();

    QHash<QString, int> counted;
    QLabel *log;
    QWidget *stage;
    QPointer<QWidget> held;
    QPoint heldAt;
};

#endif
